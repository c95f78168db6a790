import { PolicyDocument, Requirement } from '../policy/document';

/** A document as it is written: what is a set is sorted, so that naming its members in another order is no other content. */
export function arrange(document: PolicyDocument): PolicyDocument {
  if (document.kind === 'ImageExemption') {
    return { ...document, spec: { ...document.spec, digests: sorted(document.spec.digests), ...namespaces(document) } };
  }
  if (document.kind === 'ImageDenyList') {
    const { digests, certificates, keys } = document.spec;
    return {
      ...document,
      spec: {
        ...document.spec,
        ...(digests === undefined ? {} : { digests: sorted(digests) }),
        ...(certificates === undefined ? {} : { certificates: sorted(certificates) }),
        ...(keys === undefined ? {} : { keys: sorted(keys) }),
        ...namespaces(document),
      },
    };
  }
  const { attestors, images, requirements } = document.spec;
  return {
    ...document,
    spec: {
      ...document.spec,
      images: sorted(images),
      ...namespaces(document),
      attestors: Object.fromEntries(sorted(Object.keys(attestors)).flatMap((name) => (attestors[name] === undefined ? [] : [[name, attestors[name]]]))),
      requirements: requirements.map((requirement): Requirement => ({ ...requirement, attestors: sorted(requirement.attestors) })),
    },
  };
}

function namespaces({ spec: { namespaces: selection } }: PolicyDocument): Pick<PolicyDocument['spec'], 'namespaces'> {
  if (selection === undefined || 'labels' in selection) {
    return {};
  }
  return { namespaces: 'names' in selection ? { names: sorted(selection.names) } : { except: sorted(selection.except) } };
}

function sorted(values: readonly string[]): string[] {
  return [...values].sort();
}
