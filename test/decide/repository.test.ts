import { Subject } from '../../lib/decide/evidence';
import { DIGEST, judge, NAME, OTHER_DIGEST, outcome, piece, policy, signed } from './world';

const SHA = { sha256: DIGEST.slice(7) };
const OTHER = { sha256: OTHER_DIGEST.slice(7) };

const bound = policy({ requirements: [{ type: 'signature', name: 'signature', attestors: ['release'], repository: 'required' }] });
const about = (subjects: readonly Subject[]): ReturnType<typeof piece> => piece({ statement: { ...signed, subjects } });

describe('E07: the repository that a statement was made for', () => {
  test.each<[what: string, subjects: readonly Subject[], outcome: 'allowed' | readonly string[]]>([
    ['is the one that is asked', [{ name: NAME, digest: SHA }], 'allowed'],
    ['is written with a tag', [{ name: `${NAME}:v1`, digest: SHA }], 'allowed'],
    ['is written with this digest', [{ name: `${NAME}@${DIGEST}`, digest: SHA }], 'allowed'],
    ['has its host in capitals', [{ name: NAME.replace('ghcr', 'GHCR'), digest: SHA }], 'allowed'],
    ['is one of several of this digest', [{ name: 'ghcr.io/acme/other', digest: SHA }, { name: NAME, digest: SHA }], 'allowed'],
    ['is another one', [{ name: 'ghcr.io/acme/other', digest: SHA }], ['WRONG_REPOSITORY']],
    ['is one that it begins like', [{ name: `${NAME}-dev`, digest: SHA }], ['WRONG_REPOSITORY']],
    ['is one above it', [{ name: 'ghcr.io/acme/payments', digest: SHA }], ['WRONG_REPOSITORY']],
    ['has another host', [{ name: NAME.replace('ghcr.io', 'ghcr.test'), digest: SHA }], ['WRONG_REPOSITORY']],
    ['is in capitals', [{ name: NAME.replace('acme', 'ACME'), digest: SHA }], ['WRONG_REPOSITORY']],
    ['has no host', [{ name: NAME.slice('ghcr.io/'.length), digest: SHA }], ['WRONG_REPOSITORY']],
    ['is written with another digest', [{ name: `${NAME}@${OTHER_DIGEST}`, digest: SHA }], ['WRONG_REPOSITORY']],
    ['is a package URL', [{ name: `pkg:docker/${NAME}@v1`, digest: SHA }], ['WRONG_REPOSITORY']],
    ['is not said', [{ digest: SHA }], ['WRONG_REPOSITORY']],
    ['is empty', [{ name: '', digest: SHA }], ['WRONG_REPOSITORY']],
    ['is that of another digest only', [{ name: NAME, digest: OTHER }, { digest: SHA }], ['WRONG_REPOSITORY']],
    ['is that of a subject that contradicts itself', [{ name: NAME, digest: { ...SHA, sha512: 'ab' } }, { digest: SHA }], ['WRONG_REPOSITORY']],
  ])('%s', (_what, subjects, expected) => {
    expect(outcome(judge([bound], [about(subjects)]))).toEqual(expected);
    expect(outcome(judge([policy()], [about(subjects)]))).toBe('allowed');
  });

  test('is listed among the checks where it was asked for, and said where it is another', () => {
    expect(judge([bound], [about([{ name: NAME, digest: SHA }])]).proof).toMatchObject([{ checks: expect.arrayContaining(['repository']) as unknown }]);
    expect(judge([policy()], [about([{ name: NAME, digest: SHA }])]).proof).toMatchObject([{ checks: expect.not.arrayContaining(['repository']) as unknown }]);
    const message = (subjects: readonly Subject[]): string | undefined => judge([bound], [about(subjects)]).reasons[0]?.message;
    expect(message([{ name: 'ghcr.io/acme/other', digest: SHA }])).toBe(`expected a statement that names the repository "${NAME}", found one for "ghcr.io/acme/other"`);
    expect(message([{ digest: SHA }])).toMatch('found one that names none');
  });

  test('on Docker Hub is the same by either of its names', () => {
    const hub = policy({ images: ['docker.io/library/nginx'], requirements: bound.spec.requirements });
    const ask = (name: string): unknown => outcome(judge([hub], [about([{ name, digest: SHA }])], { reference: `nginx@${DIGEST}` }));
    expect(['docker.io/library/nginx', 'index.docker.io/library/nginx', 'docker.io/nginx'].map(ask)).toEqual(['allowed', 'allowed', 'allowed']);
    expect(['library/nginx', 'nginx', 'docker.io/library/nginx-dev'].map(ask)).toEqual([['WRONG_REPOSITORY'], ['WRONG_REPOSITORY'], ['WRONG_REPOSITORY']]);
  });

  test('counts for newest scans only after it is known which is the newest', () => {
    const PREDICATE = 'https://cosign.sigstore.dev/attestation/vuln/v1';
    const scans = policy({ requirements: [
      { type: 'attestation', name: 'scan', attestors: ['release'], predicateType: PREDICATE, repository: 'required', checks: { type: 'vulnerability-scan', maxSeverity: 'high', maxAge: '7d' } },
    ] });
    const at = (time: number): object => ({
      invocation: { parameters: null }, scanner: { uri: 's', version: '1', db: {}, result: { matches: [] } },
      metadata: { scanStartedOn: new Date(time).toISOString(), scanFinishedOn: new Date(time).toISOString() },
    });
    const scan = (label: string, name: string, hoursAgo: number): ReturnType<typeof piece> => {
      const time = Date.UTC(2026, 5, 1) - hoursAgo * 3_600_000;
      return piece({ label, times: [time], statement: { readable: true, says: 'attestation', predicateType: PREDICATE, predicate: at(time) as never, subjects: [{ name, digest: SHA }] } });
    };
    expect(outcome(judge([scans], [scan('here', NAME, 2)]))).toBe('allowed');
    expect(outcome(judge([scans], [scan('here', NAME, 2), scan('elsewhere, older', 'ghcr.io/acme/other', 3)]))).toBe('allowed');
    expect(outcome(judge([scans], [scan('here', NAME, 2), scan('elsewhere, newer', 'ghcr.io/acme/other', 1)]))).toEqual(['WRONG_REPOSITORY']);
  });
});
