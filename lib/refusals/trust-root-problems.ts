import { Found } from './cluster-image-policies';
import { Fields, fieldsOf, list } from './fields';

/**
 * What policy-controller's own webhook refuses in the `spec` of a TrustRoot, of which its schema says nothing.
 *
 * @see https://github.com/sigstore/policy-controller/blob/v0.15.1/pkg/apis/policy/v1alpha1/trustroot_validation.go
 */
export function trustRootProblems(spec: Fields): Found {
  const given = ['repository', 'remote', 'sigstoreKeys'].filter((part) => spec[part] != null);
  if (given.length !== 1) {
    return [{ path: 'spec', message: `It has ${given.length === 0 ? 'none' : given.join(' and ')} of repository, remote and sigstoreKeys, of which there has to be one.` }];
  }
  const [remote, repository, keys] = [fieldsOf(spec.remote), fieldsOf(spec.repository), fieldsOf(spec.sigstoreKeys)];
  switch (given[0]) {
    case 'remote': return missing('spec.remote', remote, ['mirror', 'root']);
    case 'repository': return missing('spec.repository', repository, ['targets', 'root', 'mirrorFS']);
    default: return ofKeys('spec.sigstoreKeys', keys);
  }
}

function ofKeys(path: string, keys: Fields): Found {
  const authorities = (['certificateAuthorities', 'timestampAuthorities'] as const).flatMap((part) => list(keys[part]).map(fieldsOf).map((authority, index) => ({ path: `${path}.${part}[${index}]`, authority })));
  const logs = (['tLogs', 'ctLogs'] as const).flatMap((part) => list(keys[part]).map(fieldsOf).map((log, index) => ({ path: `${path}.${part}[${index}]`, log })));
  return [
    ...authorities.length === 0 ? [{ path, message: 'It has neither certificateAuthorities nor timestampAuthorities.' }] : [],
    ...authorities.flatMap((one) => [...missing(`${one.path}.subject`, fieldsOf(one.authority.subject), ['organization', 'commonName']), ...missing(one.path, one.authority, ['uri', 'certChain'])]),
    ...logs.flatMap((one) => missing(one.path, one.log, ['baseURL', 'hashAlgorithm', 'publicKey'])),
  ];
}

function missing(path: string, fields: Fields, names: readonly string[]): Found {
  return names.filter((name) => typeof fields[name] !== 'string' || fields[name] === '').map((name) => ({ path: `${path}.${name}`, message: 'It is missing.' }));
}
