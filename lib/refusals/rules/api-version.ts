import { apiVersionOf } from '../../kubernetes/api-versions';
import { Rule } from '../rule';
import { show } from '../show';

export const apiVersion: Rule = {
  code: 'API_VERSION',
  title: 'An object is not of the kind that it seems to be',
  why: 'A kind is told by its group and version as well: another one means something else to Kubernetes, or nothing at all, and enforces nothing.',
  remedy: 'Keep apiVersion as the synthesis renders it.',
  check: ({ objects }) => objects.flatMap(({ id, own, kind, content, apiVersion: found }) => {
    const wanted = apiVersionOf(content.kind);
    return own && wanted !== undefined && kind !== content.kind ? [{ object: id, path: 'apiVersion', message: `apiVersion is ${show(found)} instead of ${wanted}.` }] : [];
  }),
};
