import { PolicyDocument } from '../policy/document';
import { parseImagePattern } from '../policy/image-pattern';
import { parseRepositoryName } from '../policy/repository-name';

/** The registries, as canonical `host[:port]`, whose images a document names. */
export function registriesOf(document: PolicyDocument): string[] {
  switch (document.kind) {
    case 'ImagePolicy': return document.spec.images.map((pattern) => parseImagePattern(pattern).registry);
    case 'ImageExemption': return [parseRepositoryName(document.spec.image).registry];
    case 'ImageDenyList': return [];
  }
}
