import { Fields, fieldsOf, list } from '../fields';
import { selects } from '../label-selector';
import { KubernetesObject, Observation, Rule, Subject } from '../rule';
import { show } from '../show';
import { verifiers } from '../verifiers';
import { ownEntries, serviceOf } from '../webhook-entries';

export const webhookService: Rule = {
  code: 'WEBHOOK_SERVICE',
  title: 'The API server asks somebody else than the verifier',
  why: 'Whoever answers a webhook decides what runs: an entry that calls another Service, or a Service that leads to other Pods, hands that over.',
  remedy: 'Keep clientConfig.service of the entries and the verifier\'s Service as the synthesis renders them.',
  check: (subject) => [...wrongEntries(subject), ...wrongServices(subject)],
};

function wrongEntries(subject: Subject): Observation[] {
  const entries = ownEntries(subject);
  const expected = expectedServices(subject) ?? entries.slice(0, 1).map(serviceOf);
  return entries.flatMap((entry) => {
    const at = { object: entry.object.id, path: `${entry.path}.clientConfig` };
    if (fieldsOf(entry.fields.clientConfig).url !== undefined) {
      return [{ ...at, message: 'It calls a URL instead of the verifier\'s Service.' }];
    }
    return expected.includes(serviceOf(entry)) ? [] : [{ ...at, message: `It calls the Service ${serviceOf(entry)} instead of ${expected.join(' or ')}.` }];
  });
}

/** The verifiers' Services, by name as in `serviceOf`; `undefined` where the objects hold nothing to know them by. */
function expectedServices(subject: Subject): string[] | undefined {
  const named = ({ namespace, name }: KubernetesObject): string => `${show(namespace)}/${show(name)}`;
  const deployments = verifiers(subject);
  const services = ownServices(subject);
  if (deployments.length === 0) {
    return services.length === 0 ? undefined : services.map(named);
  }
  const leading = services.filter((service) => deployments.some(({ object, podLabels }) => object.namespace === service.namespace && selects(selectorOf(service), podLabels)));
  return services.length === 0 ? deployments.map(({ object }) => named(object)) : leading.map(named);
}

function wrongServices(subject: Subject): Observation[] {
  const deployments = verifiers(subject);
  return ownServices(subject).flatMap((object) => {
    const { type, externalName, externalIPs, selector } = fieldsOf(object.content.spec);
    const leads = deployments.length === 0 || deployments.some(({ object: { namespace }, podLabels }) => namespace === object.namespace && selects(selectorOf(object), podLabels));
    return [
      ...(['ClusterIP', undefined].includes(type as string | undefined) && externalName === undefined && list(externalIPs).length === 0 ? []
        : [{ object: object.id, path: 'spec', message: `It can be reached, or leads, out of the cluster: type is ${show(type ?? 'ClusterIP')}.` }]),
      ...(Object.keys(fieldsOf(selector)).length > 0 && leads ? [] : [{ object: object.id, path: 'spec.selector', message: 'It does not lead to the Pods of the verifier.' }]),
    ];
  });
}

function ownServices({ objects }: Subject): KubernetesObject[] {
  return objects.filter(({ kind, own }) => own && kind === 'Service');
}

/** As a label selector. */
function selectorOf({ content }: KubernetesObject): Fields {
  return { matchLabels: fieldsOf(content.spec).selector };
}
