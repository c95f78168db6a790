import { Fields, fieldsOf } from '../fields';
import { Rule } from '../rule';
import { ownEntries } from '../webhook-entries';

export const verifierAuthority: Rule = {
  code: 'VERIFIER_AUTHORITY',
  title: 'The authority of the verifier is somebody else\'s',
  why: 'The API server believes whoever has a certificate of that authority; whoever knows its key, or names another, answers in the verifier\'s place.',
  remedy: 'Leave the Secret empty and caBundle out: the verifier, or cert-manager, fills them in the cluster.',
  check: (subject) => [
    ...subject.objects.filter(({ own, kind }) => own && kind === 'Secret').flatMap(({ id, content }) => ['data', 'stringData'].filter((field) => isFilled(content, field))
      .map((field) => ({ object: id, path: field, message: 'The Secret is filled in.' }))),
    ...subject.objects.filter(({ own, kind, content }) => own && kind === 'Secret' && content.immutable === true)
      .map(({ id }) => ({ object: id, path: 'immutable', message: 'The verifier cannot fill it.' })),
    ...ownEntries(subject).filter(({ fields }) => isFilled(fieldsOf(fields.clientConfig), 'caBundle'))
      .map(({ object, path }) => ({ object: object.id, path: `${path}.clientConfig.caBundle`, message: 'It names an authority.' })),
  ],
};

function isFilled(fields: Fields, field: string): boolean {
  const value = fields[field] ?? '';
  return value !== '' && (typeof value !== 'object' || Object.keys(value).length > 0);
}
