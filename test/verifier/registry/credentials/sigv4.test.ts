import { AwsRequest, signAws } from '../../../../lib/verifier/registry/credentials/sigv4';

/** The keys, time and answers of AWS's own test suite for Signature Version 4. */
const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const NOW = Date.UTC(2015, 7, 30, 12, 36);

test.each<[string, Partial<AwsRequest>, string, string]>([
  ['post-vanilla', {}, 'host;x-amz-date', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
  ['post-x-www-form-urlencoded', { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'Param1=value1' }, 'content-type;host;x-amz-date',
    'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a'],
])('%s', (_name, change, headers, signature) => {
  const signed = signAws({ host: 'example.amazonaws.com', region: 'us-east-1', service: 'service', headers: {}, body: '', ...change }, KEYS, NOW);
  expect(signed).toMatchObject({
    'x-amz-date': '20150830T123600Z',
    authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${headers}, Signature=${signature}`,
  });
});

test('the token of a session is signed with the rest', () => {
  const signed = signAws({ host: 'h', region: 'r', service: 's', headers: {}, body: '' }, { ...KEYS, sessionToken: 'token' }, NOW);
  expect(signed['x-amz-security-token']).toBe('token');
  expect(signed['authorization']).toContain('SignedHeaders=host;x-amz-date;x-amz-security-token');
});
