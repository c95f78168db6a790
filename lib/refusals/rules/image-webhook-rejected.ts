import { Fields, fieldsOf, list } from '../fields';
import { imageWebhookEntries } from '../image-admission';
import { Found } from '../requests';
import { KubernetesObject, Rule } from '../rule';
import { show } from '../show';

export const imageWebhookRejected: Rule = {
  code: 'IMAGE_WEBHOOK_REJECTED',
  title: 'A webhook about images that the API server does not take',
  why: 'The API server rejects a whole configuration for one field that it does not take, and knows no other version than v1: nothing is then enforced, whatever was applied before it.',
  remedy: 'Write admissionregistration.k8s.io/v1 with sideEffects None, admissionReviewVersions [v1], timeoutSeconds between 1 and 30, and a Service or an https URL.',
  lintOnly: true,
  check: (subject) => imageWebhookEntries(subject).flatMap((entry) => (
    refused(entry.object, entry.path, entry.fields).map((found) => ({ object: entry.object.id, ...found }))
  )),
};

function refused({ apiVersion }: KubernetesObject, path: string, fields: Fields): Found[] {
  if (apiVersion !== 'admissionregistration.k8s.io/v1') {
    return [{ path: 'apiVersion', message: `It is ${show(apiVersion)}, which no server knows any more (since 1.22).` }];
  }
  const { sideEffects, timeoutSeconds = 10, admissionReviewVersions, clientConfig } = fields;
  const { url, service } = fieldsOf(clientConfig);
  return [
    ...sideEffects === 'None' || sideEffects === 'NoneOnDryRun' ? [] : [{ path: `${path}.sideEffects`, message: `It is ${show(sideEffects)}: only None and NoneOnDryRun are taken.` }],
    ...typeof timeoutSeconds === 'number' && timeoutSeconds >= 1 && timeoutSeconds <= 30 ? [] : [{ path: `${path}.timeoutSeconds`, message: `It is ${show(timeoutSeconds)}: only 1 to 30 is taken.` }],
    ...list(admissionReviewVersions).some((version) => version === 'v1' || version === 'v1beta1') ? [] : [{ path: `${path}.admissionReviewVersions`, message: `It is ${show(admissionReviewVersions)}: the server sends v1 or v1beta1.` }],
    ...(url === undefined) !== (service === undefined) && (url === undefined || (typeof url === 'string' && url.startsWith('https://'))) ? [] : [{ path: `${path}.clientConfig`, message: 'It has to name either a Service or a URL with https.' }],
  ];
}
