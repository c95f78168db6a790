import { Rule } from '../rule';
import { apiVersion } from './api-version';
import { auditCanBlock } from './audit-can-block';
import { auditWithoutEffect } from './audit-without-effect';
import { branchWildcard } from './branch-wildcard';
import { builderNotIsolated } from './builder-not-isolated';
import { deployerSkips } from './deployer-skips';
import { disruptionBudget } from './disruption-budget';
import { duplicateObject } from './duplicate-object';
import { engineCannot } from './engine-cannot';
import { exemptionWithoutEffect } from './exemption-without-effect';
import { expired } from './expired';
import { failurePolicy } from './failure-policy';
import { foreignWebhook } from './foreign-webhook';
import { guard } from './guard';
import { imageVapMatch } from './image-vap-match';
import { imageVapPermissive } from './image-vap-permissive';
import { imageVapRejected } from './image-vap-rejected';
import { imageVapUnasked } from './image-vap-unasked';
import { imageVapUnseen } from './image-vap-unseen';
import { imageWebhookPermissive } from './image-webhook-permissive';
import { imageWebhookRejected } from './image-webhook-rejected';
import { imageWebhookUnasked } from './image-webhook-unasked';
import { issuerLockedOut } from './issuer-locked-out';
import { kyvernoAltered } from './kyverno-altered';
import { kyvernoClusterPolicy } from './kyverno-cluster-policy';
import { kyvernoExceptions } from './kyverno-exceptions';
import { kyvernoIdentity } from './kyverno-identity';
import { kyvernoImageMatch } from './kyverno-image-match';
import { kyvernoPermissive } from './kyverno-permissive';
import { kyvernoUnasked } from './kyverno-unasked';
import { kyvernoUnverified } from './kyverno-unverified';
import { matchConditions } from './match-conditions';
import { matchPolicy } from './match-policy';
import { mutableBuilderRef } from './mutable-builder-ref';
import { namespaceDivided } from './namespace-divided';
import { namespaceSelector } from './namespace-selector';
import { namespaceUnjudged } from './namespace-unjudged';
import { nativePolicy } from './native-policy';
import { nothingEnforced } from './nothing-enforced';
import { objectLifetime } from './object-lifetime';
import { objectName } from './object-name';
import { objectSelector } from './object-selector';
import { operatorGroups } from './operator-groups';
import { ownNamespace } from './own-namespace';
import { policyContent } from './policy-content';
import { policyControllerAltered } from './policy-controller-altered';
import { policyControllerIdentity } from './policy-controller-identity';
import { policyControllerImageMatch } from './policy-controller-image-match';
import { policyControllerInvalid } from './policy-controller-invalid';
import { policyControllerPermissive } from './policy-controller-permissive';
import { policyControllerTrustRoot } from './policy-controller-trust-root';
import { policyControllerUnasked } from './policy-controller-unasked';
import { policyControllerUnverified } from './policy-controller-unverified';
import { policyUnread } from './policy-unread';
import { replicas } from './replicas';
import { rulesIncomplete } from './rules-incomplete';
import { sideEffects } from './side-effects';
import { timeout } from './timeout';
import { tooLarge } from './too-large';
import { trustRootMissing } from './trust-root-missing';
import { unenforced } from './unenforced';
import { unlabelled } from './unlabelled';
import { verifierAuthority } from './verifier-authority';
import { verifierCommand } from './verifier-command';
import { verifierFiles } from './verifier-files';
import { verifierImage } from './verifier-image';
import { verifierNamespace } from './verifier-namespace';
import { verifierPrivileges } from './verifier-privileges';
import { verifierRights } from './verifier-rights';
import { webhookEntry } from './webhook-entry';
import { webhookService } from './webhook-service';
import { windowTooLong } from './window-too-long';

/** All rules, by code. What a document may say is judged by `validateDocument`, whose problems come as INVALID_DOCUMENT. */
export const RULES: readonly Rule[] = [
  apiVersion, auditCanBlock, auditWithoutEffect, branchWildcard, builderNotIsolated, deployerSkips, disruptionBudget, duplicateObject,
  engineCannot, exemptionWithoutEffect, expired, failurePolicy, foreignWebhook, guard,
  imageVapMatch, imageVapPermissive, imageVapRejected, imageVapUnasked, imageVapUnseen, imageWebhookPermissive, imageWebhookRejected, imageWebhookUnasked,
  issuerLockedOut, kyvernoAltered, kyvernoClusterPolicy, kyvernoExceptions,
  kyvernoIdentity, kyvernoImageMatch, kyvernoPermissive, kyvernoUnasked, kyvernoUnverified, matchConditions, matchPolicy, mutableBuilderRef, namespaceDivided, namespaceSelector,
  namespaceUnjudged, nativePolicy, nothingEnforced, objectLifetime, objectName, objectSelector, operatorGroups, ownNamespace, policyContent,
  policyControllerAltered, policyControllerIdentity, policyControllerImageMatch, policyControllerInvalid, policyControllerPermissive, policyControllerTrustRoot,
  policyControllerUnasked, policyControllerUnverified, policyUnread, replicas,
  rulesIncomplete, sideEffects, timeout, tooLarge, trustRootMissing, unenforced, unlabelled, verifierAuthority, verifierCommand, verifierFiles,
  verifierImage, verifierNamespace, verifierPrivileges, verifierRights, webhookEntry, webhookService, windowTooLong,
];
