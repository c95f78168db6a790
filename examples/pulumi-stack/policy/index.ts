import { PolicyPack } from '@pulumi/policy';
import { enforcementPolicies } from 'proofgate/pulumi/policy';

new PolicyPack('enforcement', { policies: enforcementPolicies });
