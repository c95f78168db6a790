import { join } from 'node:path';
import { Deadline } from '../../ports';
import { CloudClient, lifeUntil } from './cloud';
import { IssuedCredential, Issuer } from './renewed';
import { AwsKeys, signAws } from './sigv4';

/** Who the verifier is for AWS: a role that it may take by a token of its service account (IRSA), or a user with keys. */
export type AwsIdentity = AwsWebIdentity | AwsStaticKeys;

export interface AwsWebIdentity {
  readonly type: 'web-identity';
  readonly roleArn: string;
  /** File with the token, whose audience is `sts.amazonaws.com`. */
  readonly tokenFile: string;
}

export interface AwsStaticKeys {
  readonly type: 'keys';
  /** Folder with the files `accessKeyId` and `secretAccessKey`. */
  readonly folder: string;
}

export interface AwsEndpoints {
  readonly sts: URL;
  readonly ecr: URL;
}

/** The endpoints of a region; those of China have a domain of their own. */
export function awsEndpoints(region: string): AwsEndpoints {
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return { sts: new URL(`https://sts.${region}.${domain}/`), ecr: new URL(`https://api.ecr.${region}.${domain}/`) };
}

/**
 * The password of an ECR registry, which lives twelve hours (`GetAuthorizationToken` of the ECR API; `AssumeRoleWithWebIdentity` of the STS API).
 */
export function ecrIssuer(registry: string, region: string, identity: AwsIdentity, endpoints = awsEndpoints(region)): Issuer {
  return async (transport, deadline): Promise<IssuedCredential> => {
    const client = new CloudClient(transport, registry);
    const keys = identity.type === 'keys' ? await readKeys(client, identity.folder) : await assumeRole(client, identity, endpoints.sts, deadline);
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken' };
    const signed = signAws({ host: endpoints.ecr.host, region, service: 'ecr', headers, body: '{}' }, keys, Date.now());
    const data = (await client.askJson({ url: endpoints.ecr, headers: signed, body: '{}' }, deadline)).only('authorizationData');
    const [username = '', ...password] = Buffer.from(data.text('authorizationToken'), 'base64').toString('utf8').split(':');
    if (username === '' || password.length === 0) {
      throw client.failed(`the answer of ${endpoints.ecr.host} has no authorizationToken that can be used`);
    }
    return { credential: { type: 'password', username, password: password.join(':') }, life: lifeUntil(data.seconds('expiresAt') * 1000) };
  };
}

async function readKeys(client: CloudClient, folder: string): Promise<AwsKeys> {
  const [accessKeyId = '', secretAccessKey = ''] = await Promise.all(['accessKeyId', 'secretAccessKey'].map((name) => client.read(join(folder, name))));
  return { accessKeyId, secretAccessKey };
}

async function assumeRole(client: CloudClient, { roleArn, tokenFile }: AwsWebIdentity, url: URL, deadline: Deadline): Promise<AwsKeys> {
  const form = new URLSearchParams({
    Action: 'AssumeRoleWithWebIdentity', Version: '2011-06-15', RoleArn: roleArn, RoleSessionName: 'proofgate', WebIdentityToken: await client.read(tokenFile),
  });
  const answer = (await client.ask({ url, headers: FORM, body: form.toString() }, deadline)).toString('utf8');
  const [accessKeyId, secretAccessKey, sessionToken] = ['AccessKeyId', 'SecretAccessKey', 'SessionToken'].map((name) => {
    const found = elementOf(answer, name);
    if (found === undefined) {
      throw client.failed(`the answer of ${url.host} has no ${name} that can be used`);
    }
    return found;
  });
  return { accessKeyId: accessKeyId ?? '', secretAccessKey: secretAccessKey ?? '', sessionToken: sessionToken ?? '' };
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** The text of the one element of this name: the answer is XML, and what is wanted of it are three texts without markup. */
function elementOf(xml: string, name: string): string | undefined {
  const [, text, ...more] = xml.split(new RegExp(`<${name}>([A-Za-z0-9+/=_-]+)</${name}>`));
  return more.length === 1 ? text : undefined;
}
