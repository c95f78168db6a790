import { createHash, createHmac } from 'node:crypto';

export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What is signed: a POST to the root of a service. */
export interface AwsRequest {
  readonly host: string;
  readonly region: string;
  readonly service: string;
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}

/**
 * The headers of a signed request (AWS Signature Version 4: canonical request, string to sign, signing key, `Authorization`).
 *
 * @param now - milliseconds since the epoch
 */
export function signAws({ host, region, service, headers, body }: AwsRequest, keys: AwsKeys, now: number): { readonly [name: string]: string } {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  const date = time.slice(0, 8);
  const signed: { [name: string]: string } = { ...headers, host, 'x-amz-date': time, ...keys.sessionToken === undefined ? {} : { 'x-amz-security-token': keys.sessionToken } };
  const names = Object.keys(signed).sort();
  const canonical = ['POST', '/', '', ...names.map((name) => `${name}:${signed[name]?.trim()}`), '', names.join(';'), sha256(body)].join('\n');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const key = [date, region, service, 'aws4_request'].reduce<Buffer | string>((secret, part) => hmac(secret, part), `AWS4${keys.secretAccessKey}`);
  const signature = hmac(key, toSign).toString('hex');
  return { ...signed, authorization: `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}` };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
