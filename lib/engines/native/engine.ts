import { DOCUMENTS_ANNOTATION, ENGINE_LABEL, PART_OF, PART_OF_LABEL } from '../../kubernetes/labels';
import { compare } from '../../policy/canonical-order';
import { PolicyDocument } from '../../policy/document';
import { arrange } from '../arrange';
import { Engine } from '../engine';
import { admissionPolicy } from './admission-policy';

/** How the engine is set up. */
export interface NativeSettings {
  /** Of the policy; each binding has it with the namespaces it is for. */
  readonly name: string;
}

/** The API server itself, by an admission policy that needs no program, no network and no certificate. */
export function nativeEngine({ name }: NativeSettings): Engine {
  return {
    id: 'native',
    name,
    keystone: 'ValidatingAdmissionPolicyBinding',
    // What an exemption covers nothing else runs; what a deny list names runs nowhere it covers.
    enforces: () => true,
    render: ({ documents }) => admissionPolicy({
      name,
      labels: { 'app.kubernetes.io/component': 'native', 'app.kubernetes.io/name': name, [ENGINE_LABEL]: 'native', [PART_OF_LABEL]: PART_OF },
      annotations: { [DOCUMENTS_ANNOTATION]: JSON.stringify([...documents].map(arrange).sort((a, b) => compare(titleOf(a), titleOf(b)))) },
      documents,
      mode: 'alone',
    }),
  };
}

function titleOf({ kind, metadata }: PolicyDocument): string {
  return `${kind} ${metadata.name}`;
}
