import { App, Chart, Testing } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { DOCUMENTS_ANNOTATION, ENGINE_LABEL } from '../kubernetes/labels';
import { objectsOf } from '../kubernetes/object-list';
import { parsePolicyText } from '../kubernetes/policy-text';
import { readBundle } from '../kubernetes/read-bundle';
import { isPlainObject } from '../policy/canonical-json';
import { PolicyDocument } from '../policy/document';
import { isDocumentLike } from '../policy/document-like';
import { PolicySet } from '../policy/normal';
import { policySet } from '../policy/policy-set';
import { parseDocument } from '../policy/validate';
import { Finding, judgedIn, judgeManifests } from '../refusals';

/**
 * What enforces: a chart or App of cdk8s, synthesized whole with everything that is in the App; or a list of Kubernetes objects and policy
 * documents, such as what a Pulumi program registered.
 *
 * @example
 *
 * const written: Enforcement = [...Testing.synth(first), ...Testing.synth(second)];
 */
export type Enforcement = Chart | App | readonly object[];

/** One verifier's part of it. */
export interface VerifierPolicies {
  /** The verifier's own namespace. @default - documents alone name no verifier */
  readonly namespace?: string;
  readonly set: PolicySet;
}

/** What enforces, as it would be applied. */
export interface Enforced {
  readonly documents: readonly PolicyDocument[];
  readonly verifiers: readonly VerifierPolicies[];
  /** What a `NativeEngine` wrote, of which the kit judges nothing. */
  readonly native: readonly PolicyDocument[];
  /** What the rules have against it. */
  readonly findings: readonly Finding[];
  /** Whether anything enforces the policies; documents alone do not. */
  readonly enforcing: boolean;
}

/**
 * Synthesizes, and reads what would be written.
 *
 * @throws Error for what does not synthesize, or holds no policy
 */
export function readEnforcement(enforcement: Enforcement, now: number): Enforced {
  const objects = manifestsOf(enforcement).flatMap((manifest) => objectsOf(manifest));
  const findings = judgeManifests(objects, now);
  const documents = findings.some(({ code }) => code === 'INVALID_DOCUMENT') ? [] : documentsIn(objects);
  if (findings.length === 0 && !documents.some(({ kind }) => kind === 'ImagePolicy')) {
    throw new Error('there is no policy in it, so nothing is enforced: pass the chart or App with a SignedImagePolicy that a WebhookVerifier enforces, or all objects that are applied together');
  }
  const native = findings.length > 0 ? [] : objects.flatMap(nativeDocumentsIn);
  return { documents, verifiers: verifiersIn(objects, documents), native, findings, enforcing: judgedIn(objects).enforcing };
}

/** Everything that would be written. @throws Error with what the synthesis says */
export function manifestsOf(enforcement: Enforcement): readonly unknown[] {
  if (Array.isArray(enforcement)) {
    return enforcement;
  }
  if (!Construct.isConstruct(enforcement)) {
    throw new Error('expected a chart or App of cdk8s, or a list of Kubernetes objects');
  }
  const root = (enforcement as IConstruct).node.root;
  if (root instanceof App || typeof (root as Partial<App>).synthYaml === 'function') {
    const app = root as App;
    // Validates and judges everything, and writes nothing.
    app.synthYaml();
    return app.charts.flatMap((chart) => chart.toJson() as unknown[]);
  }
  return Testing.synth(root as Chart) as unknown[];
}

function documentsIn(objects: readonly unknown[]): PolicyDocument[] {
  return [...objects.filter(isDocumentLike).map(parseDocument), ...readBundle(objects.filter((object) => !isDocumentLike(object))).documents];
}

function nativeDocumentsIn(object: unknown): PolicyDocument[] {
  const { metadata } = isPlainObject(object) ? object : {};
  const { labels, annotations } = isPlainObject(metadata) ? metadata : {};
  const said = isPlainObject(labels) && labels[ENGINE_LABEL] === 'native' && isPlainObject(annotations) ? annotations[DOCUMENTS_ANNOTATION] : undefined;
  return typeof said === 'string' ? (parsePolicyText(said, DOCUMENTS_ANNOTATION) as unknown[]).map(parseDocument) : [];
}

/** The policies of each verifier lie in its own namespace; a namespace that covers a Pod twice has to be satisfied twice. */
function verifiersIn(objects: readonly unknown[], documents: readonly PolicyDocument[]): VerifierPolicies[] {
  const { namespaces } = readBundle(objects.filter((object) => !isDocumentLike(object)));
  if (namespaces.length < 2) {
    return [{ set: policySet(documents), ...(namespaces[0] === undefined ? {} : { namespace: namespaces[0] }) }];
  }
  return namespaces.map((namespace) => ({ namespace, set: policySet(documentsIn(objects.filter((object) => isDocumentLike(object) || namespaceOf(object) === namespace))) }));
}

function namespaceOf(object: unknown): unknown {
  return isPlainObject(object) && isPlainObject(object.metadata) ? object.metadata.namespace : undefined;
}
