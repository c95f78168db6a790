import { isImageGlob } from '../kubernetes/policy-controller/image-glob';
import { ForeignImagePolicy, Found, identitiesOf, modulesOf } from './cluster-image-policies';
import { Fields, fieldsOf, list } from './fields';
import { show } from './show';

/** What `match` may name. */
const RESOURCES = ['replicasets', 'deployments', 'pods', 'cronjobs', 'jobs', 'statefulsets', 'daemonsets'];

const KMS = /^(?:awskms|azurekms|gcpkms|hashivault):\/\//;

/**
 * What policy-controller's own webhook refuses in a ClusterImagePolicy, of which its schema says nothing, and what it takes and can then never verify.
 *
 * @see https://github.com/sigstore/policy-controller/blob/v0.15.1/pkg/apis/policy/v1alpha1/clusterimagepolicy_validation.go
 */
export function clusterImagePolicyProblems(policy: ForeignImagePolicy): Found {
  const { spec, authorities } = policy;
  return [
    ...list(spec.images).length === 0 ? [{ path: 'spec.images', message: 'It is about no image.' }] : [],
    ...list(spec.images).map(fieldsOf).flatMap(({ glob }, index) => (typeof glob === 'string' && isImageGlob(glob) ? [] : [{
      path: `spec.images[${index}].glob`, message: `${show(glob)} is no glob: letters, digits and -_:/*.@ only.`,
    }])),
    ...[undefined, '', 'enforce', 'warn'].includes(spec.mode as undefined) ? [] : [{ path: 'spec.mode', message: `${show(spec.mode)} is no mode.` }],
    ...authorities.flatMap(({ path, authority }) => ofAuthority(path, authority)),
    ...identitiesOf(policy).flatMap(({ path, identity }) => ofIdentity(path, identity)),
    ...modulesOf(policy).flatMap(({ path, module, ofPolicy }) => ofModule(path, module, ofPolicy)),
    ...list(spec.match).map(fieldsOf).flatMap((match, index) => ofMatch(`spec.match[${index}]`, match)),
  ];
}

function ofAuthority(path: string, authority: Fields): Found {
  const kinds = ['key', 'keyless', 'static'].filter((kind) => authority[kind] != null);
  if (kinds.length !== 1) {
    return [{ path, message: `It has ${kinds.length === 0 ? 'none' : kinds.join(' and ')} of key, keyless and static, of which there has to be one.` }];
  }
  const [key, keyless, fixed] = [fieldsOf(authority.key), fieldsOf(authority.keyless), fieldsOf(authority.static)];
  const isBundle = authority.signatureFormat === 'bundle';
  const identities = list(keyless.identities).length;
  return [
    ...kinds[0] === 'key' ? [
      ...ofKey(`${path}.key`, key),
      ...isBundle ? [{ path: `${path}.signatureFormat`, message: 'Of bundles it verifies those of identities alone: every image is refused.' }] : [],
    ] : [],
    ...kinds[0] === 'keyless' ? [
      ...keyless.url != null && keyless['ca-cert'] != null ? [{ path: `${path}.keyless`, message: 'It has both url and ca-cert.' }] : [],
      ...identities === 0 ? [{ path: `${path}.keyless.identities`, message: 'It names no identity.' }] : [],
      ...isBundle && identities > 1 ? [{ path: `${path}.keyless.identities`, message: 'With bundles several identities are no choice: every image is refused. Write an authority for each.' }] : [],
    ] : [],
    ...kinds[0] === 'static' ? [
      ...fixed.action === 'pass' || fixed.action === 'fail' ? [] : [{ path: `${path}.static.action`, message: `${show(fixed.action)} is neither pass nor fail.` }],
      ...['attestations', 'source', 'ctlog', 'rfc3161timestamp'].filter((part) => authority[part] != null).map((part) => ({ path: `${path}.${part}`, message: 'What is static asks for nothing.' })),
    ] : [],
    ...list(authority.source).length > 1 ? [{ path: `${path}.source`, message: 'There may be one source only.' }] : [],
    ...list(authority.attestations).map(fieldsOf).flatMap(({ name, predicateType }, index) => (
      [['name', name], ['predicateType', predicateType]] as const).filter(([, value]) => typeof value !== 'string' || value === '')
      .map(([part]) => ({ path: `${path}.attestations[${index}].${part}`, message: 'It is missing.' }))),
  ];
}

function ofKey(path: string, { data, kms, secretRef, hashAlgorithm }: Fields): Found {
  const given = [data, kms, secretRef].filter((part) => part != null && part !== '').length;
  return [
    ...given === 1 ? [] : [{ path, message: `It has ${given === 0 ? 'none' : 'several'} of data, kms and secretRef, of which there has to be one.` }],
    ...typeof data === 'string' && data !== '' && !/-----BEGIN (?:RSA )?PUBLIC KEY-----[\s\S]+-----END (?:RSA )?PUBLIC KEY-----/.test(data) ? [{ path: `${path}.data`, message: 'It is no public key in PEM.' }] : [],
    ...typeof kms === 'string' && kms !== '' && !KMS.test(kms) ? [{ path: `${path}.kms`, message: `${show(kms)} names no key management that it knows.` }] : [],
    ...hashAlgorithm == null || /^\s*(?:sha224|sha256|sha384|sha512)?\s*$/i.test(typeof hashAlgorithm === 'string' ? hashAlgorithm : '?') ? [] : [{ path: `${path}.hashAlgorithm`, message: `${show(hashAlgorithm)} is no hash that it knows.` }],
  ];
}

function ofIdentity(path: string, identity: Fields): Found {
  return (['issuer', 'subject'] as const).flatMap((part) => {
    const [exact, expression] = [identity[part], identity[`${part}RegExp`]].map((value) => (typeof value === 'string' ? value : ''));
    return [
      ...exact === '' && expression === '' ? [{ path, message: `It says no ${part}.` }] : [],
      ...exact !== '' && expression !== '' ? [{ path, message: `It has both ${part} and ${part}RegExp.` }] : [],
      ...isExpression(expression ?? '') ? [] : [{ path: `${path}.${part}RegExp`, message: `${show(expression)} is no regular expression that it reads (RE2).` }],
    ];
  });
}

/** RE2 looks neither ahead nor back; the rest is near enough to what is known here. */
function isExpression(text: string): boolean {
  if (/\(\?<?[=!]|\\[1-9]/.test(text.replace(/\\[^1-9]/g, ''))) {
    return false;
  }
  try {
    return new RegExp(text.replaceAll('(?P<', '(?<').replace(/\(\?[a-zA-Z-]+\)/g, '').replace(/\(\?[a-zA-Z-]+:/g, '(?:')) !== undefined;
  } catch {
    return false;
  }
}

function ofModule(path: string, { type, data, configMapRef, remote, ...rest }: Fields, isOfPolicy: boolean): Found {
  const given = [data, configMapRef, remote].filter((part) => part != null && part !== '').length;
  const [reference, elsewhere] = [fieldsOf(configMapRef), fieldsOf(remote)];
  return [
    ...type === 'cue' || type === 'rego' ? [] : [{ path: `${path}.type`, message: `${show(type)} is neither cue nor rego.` }],
    ...given === 1 ? [] : [{ path, message: `It has ${given === 0 ? 'none' : 'several'} of data, configMapRef and remote, of which there has to be one.` }],
    ...configMapRef == null || (typeof reference.name === 'string' && typeof reference.key === 'string') ? [] : [{ path: `${path}.configMapRef`, message: 'It needs a name and a key.' }],
    ...remote == null || (typeof elsewhere.url === 'string' && /^https:\/\/[^/]/.test(elsewhere.url) && typeof elsewhere.sha256sum === 'string') ? [] : [{ path: `${path}.remote`, message: 'It needs an https URL and the sha256sum of what is there.' }],
    ...isOfPolicy ? [] : ['fetchConfigFile', 'includeSpec', 'includeObjectMeta', 'includeTypeMeta'].filter((part) => rest[part] != null).map((part) => ({ path: `${path}.${part}`, message: 'It belongs to spec.policy alone.' })),
  ];
}

function ofMatch(path: string, { group, version, resource, selector }: Fields): Found {
  return [
    ...resource == null || resource === '' || RESOURCES.includes(typeof resource === 'string' ? resource : '?') ? [] : [{ path: `${path}.resource`, message: `${show(resource)} is no resource that it is asked about.` }],
    ...selector != null && [group, version, resource].every((part) => part == null || part === '') ? [{ path: `${path}.selector`, message: 'It needs a resource whose labels it selects.' }] : [],
  ];
}
