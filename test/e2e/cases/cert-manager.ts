import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { App, Chart } from 'cdk8s';
import { KeylessAttestor, NamespaceSelection, SignedImagePolicy, TrustRoot, VerifierTls, WebhookVerifier } from '../../../lib';
import { bundleBytes, githubRun, SigstoreWorld, signStatement } from '../../support/sigstore';
import type { ApiAnswer, KubernetesApi, KubernetesObject } from '../harness/api';
import { accepted, type Cluster } from '../harness/cluster';
import { attachBundle, pushImage } from '../harness/images';
import { prepareContainer, startVerifierPod, VERIFIER_PORT } from '../harness/kubelet';
import type { Programs } from '../harness/process';
import { OciRegistry } from '../harness/registry';
import type { Report } from '../harness/report';
import type { Sandbox } from '../harness/sandbox';
import { until } from '../harness/until';
import { expectAdmitted, expectDenied } from '../harness/verdict';
import { grant } from './grant';

const HOST = 'issued.corp.example';
const [STORE, VERIFIER_ADDRESS] = ['10.99.0.41', '10.99.0.42'];
const VERIFIER = { namespace: 'proofgate', name: 'proofgate-verifier' };
const GUARDED = 'issued';
/** Not the default, so that it has to be where the construct was told. */
const CERT_MANAGER = 'certificates';
const ISSUER = 'internal-ca';
const API = 'cert-manager.io/v1';
const SECRET = of('v1', 'Secret', `${VERIFIER.name}-tls`);
const CERTIFICATE = of(API, 'Certificate', VERIFIER.name);
const REFUSAL = 'Only operators may change what belongs to the image verifier';
const SLOW = { timeoutMs: 60_000 };

/** cert-manager itself issues the verifier's certificate and tells the API server, by the file that the construct wrote. */
export async function certManagerCases(report: Report, cluster: Cluster, sandbox: Sandbox, programs: Programs): Promise<void> {
  const { api, kubectl } = cluster;
  const accounts = { controller: account(CERT_MANAGER, 'cert-manager'), cainjector: account(CERT_MANAGER, 'cert-manager-cainjector') };
  const images = { signed: '', unsigned: '' };
  const pod = (image: string): KubernetesObject => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'any', namespace: GUARDED }, spec: { containers: [{ name: 'main', image }] } });
  const ask = (image: string): Promise<ApiAnswer> => api.create(pod(image), { dryRun: true });

  await report.case('cert-manager runs with the rights that its chart gives it, and has an authority for the cluster', async () => {
    await cluster.createNamespace(CERT_MANAGER);
    const { certManager } = sandbox.binaries;
    assert.ok(certManager, 'the sandbox was entered without cert-manager');
    await kubectl.apply(filesIn(certManager.schemas, '.yaml'));
    await grant(api, accounts.controller, [
      { apiGroups: ['cert-manager.io', 'acme.cert-manager.io'], resources: ['*'], verbs: ['*'] },
      { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list', 'watch', 'create', 'update', 'delete', 'patch'] },
      { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
    ]);
    await grant(api, accounts.cainjector, [
      { apiGroups: ['cert-manager.io'], resources: ['certificates'], verbs: ['get', 'list', 'watch'] },
      { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list', 'watch'] },
      { apiGroups: [''], resources: ['events'], verbs: ['get', 'create', 'update', 'patch'] },
      { apiGroups: ['admissionregistration.k8s.io'], resources: ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations'], verbs: ['get', 'list', 'watch', 'update', 'patch'] },
    ]);
    for (const [role, name] of [['controller', 'cert-manager'], ['cainjector', 'cert-manager-cainjector']] as const) {
      accepted(await api.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: CERT_MANAGER } }));
      const kubeconfig = await cluster.serviceAccountKubeconfig(CERT_MANAGER, name);
      programs.start({ name: `cert-manager-${role}`, command: certManager.program, args: [role, kubeconfig, CERT_MANAGER] });
    }
    await until('its kinds can be made', async () => accepted(await api.create({ apiVersion: API, kind: 'ClusterIssuer', metadata: { name: 'self-signed' }, spec: { selfSigned: {} } })));
    accepted(await api.create({
      apiVersion: API, kind: 'Certificate', metadata: { name: ISSUER, namespace: CERT_MANAGER },
      spec: { isCA: true, commonName: ISSUER, secretName: ISSUER, privateKey: { algorithm: 'ECDSA', size: 256 }, issuerRef: { kind: 'ClusterIssuer', name: 'self-signed' } },
    }));
    accepted(await api.create({ apiVersion: API, kind: 'ClusterIssuer', metadata: { name: ISSUER }, spec: { ca: { secretName: ISSUER } } }));
    await until('the authority is ready', async () => expectReady(accepted(await api.get({ apiVersion: API, kind: 'ClusterIssuer', metadata: { name: ISSUER } }))), SLOW);
  });
  await report.case('the file of the construct, unchanged: the certificate is issued, and both webhook configurations name its authority', async () => {
    const world = SigstoreWorld.create({ name: 'issued.test' });
    const registry = await OciRegistry.start(sandbox, programs, { address: STORE, port: 443, tls: await cluster.issue({ commonName: 'registry', hosts: [HOST] }) });
    sandbox.resolve(HOST, STORE);
    const image = async (name: string): Promise<string> => `${HOST}/${name}@${await pushImage(registry, name)}`;
    Object.assign(images, { signed: await image('acme/app'), unsigned: await image('acme/unsigned') });
    await attachBundle(registry, 'acme/app', bundleBytes(world.signKeyless(githubRun(), signStatement(images.signed.split('@')[1] ?? ''))));
    await cluster.createNamespace(GUARDED);
    await kubectl.apply(synthesize(join(sandbox.folder, 'issued'), world));
    accepted(await api.create({ ...of('v1', 'ConfigMap', 'registry-ca'), data: { 'ca.crt': cluster.authorityCertificate } }));
    await until('the certificate is issued', async () => expectReady(accepted(await api.get(CERTIFICATE))), SLOW);
    await until('the API server is told', () => expectInjected(api), SLOW);
  });
  await report.case('a verifier with that certificate is asked: a signed image is admitted, an unsigned one refused', async () => {
    expectDenied(await ask(images.signed), 'failed calling webhook');
    await startVerifierPod(cluster, programs, VERIFIER, VERIFIER_ADDRESS);
    await cluster.setEndpoints(VERIFIER.namespace, VERIFIER.name, [{ address: VERIFIER_ADDRESS, port: VERIFIER_PORT }]);
    await until('a signed image is admitted', async () => expectAdmitted(await ask(images.signed)));
    expectDenied(await ask(images.unsigned), '[NO_SIGNATURE]');
  });
  await report.case('renewed before its time, the certificate is another one by the same authority, and the verifier shows it as soon as it is mounted', async () => {
    const before = await issued(api);
    await renew(api);
    const after = await until('another certificate is issued', async () => {
      const next = await issued(api);
      assert.notEqual(next.serialNumber, before.serialNumber);
      return next;
    }, SLOW);
    expectAdmitted(await ask(images.signed));
    await prepareContainer(cluster, VERIFIER.namespace, VERIFIER.name);
    await until('the verifier shows it', async () => assert.equal(await shown(VERIFIER_ADDRESS), after.serialNumber), SLOW);
    expectAdmitted(await ask(images.signed));
    expectDenied(await ask(images.unsigned), '[NO_SIGNATURE]');
  });
  await report.case('the Secret is deleted: cert-manager makes it again under the guard, and the verifier goes on meanwhile', async () => {
    const before = await issued(api);
    accepted(await api.delete(SECRET));
    expectAdmitted(await ask(images.signed));
    await until('another certificate is issued', async () => assert.notEqual((await issued(api)).serialNumber, before.serialNumber), SLOW);
    await until('the API server is told', () => expectInjected(api), SLOW);
  });
  await report.case('an apply that drops caBundle is healed by the injector, and everything covered is refused until it is', async () => {
    const configuration = { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration', metadata: { name: VERIFIER.name } };
    accepted(await api.patch(configuration, 'json', [{ op: 'remove', path: '/webhooks/0/clientConfig/caBundle' }]));
    await until('the API server is told', () => expectInjected(api), SLOW);
    await until('a signed image is admitted', async () => expectAdmitted(await ask(images.signed)));
    expectDenied(await ask(images.unsigned), '[NO_SIGNATURE]');
  });
  await guardedFrom(report, api, accounts);
}

/** What the guard lets an account of cert-manager's namespace do, and nobody else, whatever RBAC says. */
async function guardedFrom(report: Report, api: KubernetesApi, accounts: { readonly controller: string; readonly cainjector: string }): Promise<void> {
  const rules = [
    { apiGroups: ['', 'rbac.authorization.k8s.io', 'cert-manager.io'], resources: ['*'], verbs: ['*'] },
  ];
  const stranger = account('elsewhere', 'cert-manager');
  const as = (name: string): KubernetesApi => api.as(name, ['system:serviceaccounts', `system:serviceaccounts:${name.split(':')[2]}`]);
  const label = (target: KubernetesObject) => (user: KubernetesApi): Promise<ApiAnswer> => user.patch(target, 'merge', { metadata: { labels: { a: 'b' } } }, { dryRun: true });

  await report.case('everybody who is tried has every right by RBAC', async () => {
    for (const user of [accounts.controller, stranger]) {
      await grant(api, user, rules);
      await until('RBAC knows of it', async () => assert.equal((await as(user).get(of('v1', 'ServiceAccount', VERIFIER.name))).status, 200));
    }
    accepted(await api.create({ ...of(API, 'Certificate', 'other'), spec: { secretName: 'other', dnsNames: ['other.test'], issuerRef: { kind: 'ClusterIssuer', name: ISSUER } } }));
    await until('the other certificate is issued', async () => expectReady(accepted(await api.get(of(API, 'Certificate', 'other')))), SLOW);
  });
  await report.case('the Secret is written by cert-manager, and not by an account of the same name elsewhere', async () => {
    expectAdmitted(await label(SECRET)(as(accounts.controller)));
    expectDenied(await label(SECRET)(as(stranger)), REFUSAL);
    expectAdmitted(await label(of('v1', 'Secret', 'other'))(as(stranger)));
  });
  await report.case('what is asked of cert-manager is not its own to change, nor a stranger\'s: only its status', async () => {
    for (const user of [accounts.controller, stranger]) {
      expectDenied(await as(user).patch(CERTIFICATE, 'merge', { spec: { issuerRef: { name: 'self-signed' } } }, { dryRun: true }), REFUSAL);
      expectDenied(await as(user).delete(CERTIFICATE), REFUSAL);
      expectDenied(await label(of(API, 'Certificate', 'other'))(as(user)), REFUSAL);
      expectAdmitted(await label({ apiVersion: API, kind: 'Certificate', metadata: { name: ISSUER, namespace: CERT_MANAGER } })(as(user)));
    }
    expectAdmitted(await as(accounts.controller).update(accepted(await api.get(CERTIFICATE)), { subresource: 'status', dryRun: true }));
    expectDenied(await as(stranger).update(accepted(await api.get(CERTIFICATE)), { subresource: 'status', dryRun: true }), REFUSAL);
  });
  await report.case('another Certificate for the Secret, another authority or a request of its own brings nobody into the verifier\'s namespace', async () => {
    const issuerRef = { kind: 'Issuer', name: 'mine' };
    const wanted = (namespace: string): KubernetesObject[] => [
      { apiVersion: API, kind: 'Certificate', metadata: { name: 'mine', namespace }, spec: { secretName: SECRET.metadata.name, dnsNames: ['mine.test'], issuerRef } },
      { apiVersion: API, kind: 'Issuer', metadata: { name: 'mine', namespace }, spec: { selfSigned: {} } },
      { apiVersion: API, kind: 'CertificateRequest', metadata: { name: 'mine', namespace }, spec: { request: 'bWluZQ==', issuerRef } },
    ];
    for (const [index, object] of wanted(VERIFIER.namespace).entries()) {
      expectDenied(await as(stranger).create(object, { dryRun: true }), REFUSAL);
      expectAdmitted(await as(stranger).create(wanted(GUARDED)[index] ?? object, { dryRun: true }));
    }
  });
  await report.case('cert-manager writes Secrets, and nothing else that is the verifier\'s', async () => {
    const user = as(accounts.controller);
    const token = (name: string): KubernetesObject => ({
      ...of('v1', 'Secret', 'any-token'), type: 'kubernetes.io/service-account-token',
      metadata: { name: 'any-token', namespace: VERIFIER.namespace, annotations: { 'kubernetes.io/service-account.name': name } },
    });
    expectDenied(await user.create(token(VERIFIER.name), { dryRun: true }), REFUSAL);
    expectAdmitted(await user.create(token('default'), { dryRun: true }));
    expectDenied(await label(of('v1', 'Service', VERIFIER.name))(user), REFUSAL);
    expectDenied(await label(of('v1', 'ServiceAccount', VERIFIER.name))(user), REFUSAL);
    expectAdmitted(await label(of('v1', 'ConfigMap', 'registry-ca'))(user));
  });
}

function account(namespace: string, name: string): string {
  return `system:serviceaccount:${namespace}:${name}`;
}

function of(apiVersion: string, kind: string, name: string): KubernetesObject {
  return { apiVersion, kind, metadata: { name, namespace: VERIFIER.namespace } };
}

function expectReady({ status }: KubernetesObject): void {
  const { conditions = [] } = (status ?? {}) as { conditions?: ReadonlyArray<{ type: string; status: string }> };
  assert.equal(conditions.find(({ type }) => type === 'Ready')?.status, 'True', JSON.stringify(conditions));
}

/** What cert-manager does when it is told to renew: the command `cmctl renew` sets this condition. */
async function renew(api: KubernetesApi): Promise<void> {
  const found = accepted(await api.get(CERTIFICATE));
  const status = found['status'] as { conditions: object[] };
  const issuing = { type: 'Issuing', status: 'True', reason: 'ManuallyTriggered', message: 'asked for', lastTransitionTime: '2026-01-01T00:00:00Z' };
  accepted(await api.update({ ...found, status: { ...status, conditions: [...status.conditions, issuing] } }, { subresource: 'status' }));
}

async function issued(api: KubernetesApi): Promise<X509Certificate> {
  return new X509Certificate(await secretFile(api, 'tls.crt'));
}

async function secretFile(api: KubernetesApi, name: string): Promise<string> {
  const { data = {} } = accepted(await api.get(SECRET)) as KubernetesObject & { readonly data?: { readonly [file: string]: string } };
  return Buffer.from(data[name] ?? '', 'base64').toString();
}

async function expectInjected(api: KubernetesApi): Promise<void> {
  const authority = await secretFile(api, 'ca.crt');
  assert.match(authority, /BEGIN CERTIFICATE/);
  for (const kind of ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration']) {
    const { webhooks } = accepted(await api.get({ apiVersion: 'admissionregistration.k8s.io/v1', kind, metadata: { name: VERIFIER.name } })) as unknown as {
      webhooks: ReadonlyArray<{ clientConfig: { caBundle?: string } }>;
    };
    assert.ok(webhooks.length > 0);
    webhooks.forEach(({ clientConfig }) => assert.equal(Buffer.from(clientConfig.caBundle ?? '', 'base64').toString(), authority));
  }
}

/** Serial number of the certificate that is shown at an address. */
function shown(host: string): Promise<string> {
  return new Promise((done, failed) => {
    const socket = connect({ host, port: VERIFIER_PORT, rejectUnauthorized: false }, () => {
      const serial = socket.getPeerX509Certificate()?.serialNumber ?? '';
      socket.destroy();
      done(serial);
    });
    socket.once('error', failed);
  });
}

function synthesize(folder: string, world: SigstoreWorld): string {
  writeFileSync(`${folder}-root.json`, JSON.stringify(world.trustedRoot));
  const app = new App({ outdir: folder });
  const chart = new Chart(app, 'issued');
  const engine = new WebhookVerifier(chart, 'verifier', {
    tls: VerifierTls.certManager({ name: ISSUER, certManagerNamespace: CERT_MANAGER }), registries: [{ host: HOST, caConfigMap: 'registry-ca' }],
  });
  const trustRoot = TrustRoot.pinned(chart, 'corp', { file: `${folder}-root.json` });
  const release = KeylessAttestor.githubWorkflow(chart, 'release', { repository: 'acme/app', workflow: '.github/workflows/release.yml', ref: 'refs/heads/main', trustRoot });
  new SignedImagePolicy(chart, 'apps', { images: [`${HOST}/acme/**`], attestors: [release], namespaces: NamespaceSelection.names(GUARDED), engine });
  app.synth();
  return filesIn(folder);
}

function filesIn(folder: string, extension = ''): string {
  return readdirSync(folder).filter((file) => file.endsWith(extension)).map((file) => readFileSync(join(folder, file), 'utf8')).join('\n---\n');
}
