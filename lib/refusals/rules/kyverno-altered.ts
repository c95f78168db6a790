import { exceptionGuard } from '../../kubernetes/kyverno/exceptions';
import { kyvernoFloor } from '../../kubernetes/kyverno/floor';
import { kyvernoPolicy, KyvernoSettings } from '../../kubernetes/kyverno/policy';
import { DOCUMENTS_ANNOTATION, ENGINE_LABEL, KYVERNO_ANNOTATION } from '../../kubernetes/labels';
import { RenderedObject } from '../../kubernetes/rendered-object';
import { Fields } from '../fields';
import { imageValidatingPolicies } from '../image-validating-policies';
import { againstRendered, differencesFrom } from '../rendered-objects';
import { Rule, Subject } from '../rule';

export const kyvernoAltered: Rule = {
  code: 'KYVERNO_ALTERED',
  title: 'A policy for Kyverno, its guard against exceptions or the floor under it that is not what its documents mean',
  why: 'Every part of it is needed: without one call, condition or extractor Kyverno lets images run that the documents refuse, and says nothing; without the guard whoever may write a PolicyException can switch it off; without the floor so does the API server whenever nobody asks Kyverno.',
  remedy: 'Keep the ImageValidatingPolicy with its annotations, and the ValidatingAdmissionPolicies of guard and floor with their bindings, as the synthesis renders them; change what it was synthesized from.',
  check: (subject) => imageValidatingPolicies(subject).filter(({ object }) => object.own || object.labels[ENGINE_LABEL] === 'kyverno').flatMap(({ object }) => {
    const documents = subject.documents.filter(({ source }) => source === object).map(({ document }) => document);
    const rendered = render(object.name, documents, object.annotations[KYVERNO_ANNOTATION]);
    return rendered === undefined
      ? [{ object: object.id, path: 'metadata.annotations', message: `It does not say what it was rendered from (${DOCUMENTS_ANNOTATION}, ${KYVERNO_ANNOTATION}).` }]
      : [...differencesFrom({ kind: object.kind, content: { spec: rendered.policy } }, object), ...rendered.beside.flatMap((part) => againstRendered(part, object, subject))];
  }),
};

interface Rendered {
  readonly policy: Fields;
  readonly beside: readonly RenderedObject[];
}

/** By the name that it has, which is the one that exceptions say. */
function render(name: string, documents: ReadonlyArray<Subject['documents'][number]['document']>, said: unknown): Rendered | undefined {
  try {
    const settings: KyvernoSettings = { ...JSON.parse(typeof said === 'string' ? said : '') as KyvernoSettings, name };
    const rendered: Rendered = { policy: { ...kyvernoPolicy(documents, settings) }, beside: [...exceptionGuard(name), ...kyvernoFloor(documents, settings)] };
    return documents.length === 0 ? undefined : JSON.parse(JSON.stringify(rendered)) as Rendered;
  } catch {
    // Settings that nobody rendered with, or documents that Kyverno cannot express, of which another rule speaks.
    return undefined;
  }
}
