import { canonicalJson } from './canonical-json';
import { compare } from './canonical-order';
import { PolicyDocument } from './document';
import { NormalDenyList, NormalDocument, NormalExemption, NormalPolicy, PolicySet } from './normal';
import { normalize } from './normalize';
import { DocumentError, Problem } from './problem';
import { textDigest } from './sha256';

/**
 * What valid documents mean together. Their order and their spelling make no difference to the digest.
 *
 * @throws DocumentError when two documents of one kind have the same name: which one is meant cannot be told.
 */
export function policySet(documents: readonly PolicyDocument[]): PolicySet {
  const problems = repeatedNames(documents);
  if (problems.length > 0) {
    throw new DocumentError(problems);
  }
  const normal = documents.map(normalize).sort((a, b) => compare(identity(a), identity(b)));
  return {
    policies: normal.filter((document): document is NormalPolicy => document.kind === 'ImagePolicy'),
    exemptions: normal.filter((document): document is NormalExemption => document.kind === 'ImageExemption'),
    denyLists: normal.filter((document): document is NormalDenyList => document.kind === 'ImageDenyList'),
    digest: textDigest(canonicalJson(normal)),
  };
}

function repeatedNames(documents: readonly PolicyDocument[]): Problem[] {
  const seen = new Map<string, number>();
  return documents.flatMap(({ kind, metadata: { name } }, index) => {
    const key = `${kind}/${name}`;
    const first = seen.get(key);
    seen.set(key, first ?? index);
    return first === undefined ? [] : [{
      path: `documents[${index}].metadata.name`,
      message: `${kind} "${name}" is already defined by documents[${first}]: give each document of a kind its own name`,
    }];
  });
}

function identity(document: NormalDocument): string {
  return `${document.kind}/${document.name}`;
}
