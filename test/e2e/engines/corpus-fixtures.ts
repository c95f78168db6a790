import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CorpusPolicy, documentOf } from '../../corpus/policy';
import type { Question } from './engine';
import type { Fixture } from './fixture';
import { podWith } from './pod';

interface Case {
  readonly id: string;
  readonly checks: ReadonlyArray<{ readonly name: string; readonly why: string; readonly image: string; readonly policy: CorpusPolicy }>;
}

/** Case of the table of attacks, image and check that is refused, and the one that is not. */
const PAIRS: ReadonlyArray<readonly [id: string, denied: string, allowed: string]> = [
  ['E12', 'kl-gitlab/bad-san', 'kl-gitlab/ok'],
  ['E11', 'kl-gitlab/bad-iss', 'kl-gitlab/ok'],
  ['E12', 'kl-uri/bad-san', 'kl-uri/ok'],
  ['E14', 'kl-email-dex/bad-iss', 'kl-email-dex/ok'],
  ['E15', 'kl-gh-branch/bad-main', 'kl-gh-branch/ok'],
  ['E15', 'kl-gh-pr/bad-main', 'kl-gh-pr/ok'],
  ['E17', 'kl-gh-sign/bad-gh-repo', 'kl-gh-sign/ok-gh-claims'],
  ['E45', 'kl-att-cyclonedx/bad-as-signature', 'kl-att-cyclonedx/ok'],
  ['E42', 'kl-att-slsaprovenance1/bad-type', 'kl-att-slsaprovenance1/ok'],
  ['E10', 'kl-att-slsaprovenance1/bad-san', 'kl-att-slsaprovenance1/ok'],
  ['E02', 'st-upper/upper', 'st-v01/ok'],
  ['E02', 'st-no-subject/bad', 'st-v01/ok'],
  ['E01', 'mv-att-copied/bad', 'kl-att-slsaprovenance1/ok'],
  ['E72', 'kl-16-others/bad', 'kl-16-others/ok'],
  ['E10', 'kl-two-signers/bad-3', 'kl-two-signers/ok-2'],
  ['E22', 'kl-other-ca/bad', 'kl-other-ca/ok-other-root'],
  ['E39', 'kl-other-tsa/bad', 'kl-other-tsa/ok-other-root'],
  ['E35', 'kl-rekor2-notsa/bad', 'kl-uri/ok'],
  ['E53', 'key-rekor2-tsa/bad-keyless', 'key-rekor2-tsa/ok'],
  ['E34', 'key-rekor2-tsa/bad-log', 'key-rekor2-tsa/ok'],
  ['E53', 'key-none/bad-key', 'key-none/ok'],
  ['E53', 'key-none/bad-needs-tlog', 'key-none/ok'],
  ['E34', 'kl-rekor1/bad-log', 'kl-rekor1/ok'],
  ['E30', 'mu-tlog-foreign/fail', 'kl-uri/ok'],
  ['E30', 'mu-tlog-body/fail', 'kl-uri/ok'],
  ['E34', 'mu-tlog-noproof/fail', 'kl-uri/ok'],
  ['E34', 'mu-cp-origin/fail', 'kl-uri/ok'],
  ['E34', 'mu-cp-old/fail', 'kl-uri/ok'],
  ['E32', 'mu-r1-nopromise/fail', 'kl-rekor1/ok'],
  ['E30', 'mu-r1-foreign/fail', 'kl-rekor1/ok'],
  ['E36', 'mu-mt-junk/fail', 'kl-uri/ok'],
  ['E46', 'unsigned/bad', 'kl-uri/ok'],
  ['E08', 'lg-kl/bad-san', 'lg-kl/ok'],
  ['E08', 'lm-copied/bad', 'lg-kl/ok'],
  ['E01', 'lm-att-copied/bad', 'lg-att/ok'],
  ['E43', 'lg-att/bad-type', 'lg-att/ok'],
  ['E10', 'key-two/bad-c', 'key-two/ok-b'],
];

/** What an engine does not take that the documents allow. */
const STRICTER: { readonly [check: string]: NonNullable<Fixture['stricter']> } = {
  'lg-kl/ok': { 'kyverno': 'only signatures in bundles (cosign 3) count', 'policy-controller': 'only signatures in bundles (cosign 3) count' },
  'lg-att/ok': { 'policy-controller': 'only attestations in bundles (cosign 3) count' },
};

/** Images that cosign signed in a private Sigstore, as `test/corpus` keeps them. */
export function corpusFixtures(host: string, folder: string): Fixture[] {
  const { cases } = JSON.parse(readFileSync(join(folder, 'corpus.json'), 'utf8')) as { cases: Case[] };
  const checks = new Map<string, Case['checks'][number]>(cases.flatMap(({ id, checks: some }) => some.map((check) => [`${id}/${check.name}`, check] as const)));
  const question = (title: string): Question => {
    const check = checks.get(title);
    if (check === undefined) {
      throw new Error(`the corpus has no check ${title}`);
    }
    return { policy: named(documentOf(check.policy, host, folder)), pod: podWith({ containers: [`${host}/${check.image}`] }), trustedRoot: readFileSync(join(folder, 'trust', check.policy.trustedRoot), 'utf8') };
  };
  return PAIRS.map(([id, denied, allowed]) => {
    const stricter = STRICTER[allowed];
    return {
      id, about: `${denied} (${checks.get(denied)?.why ?? ''}); twin ${allowed}`, allowed: question(allowed), denied: question(denied),
      ...(stricter === undefined ? {} : { stricter }),
    };
  });
}

/** The trust root of every question is called `test`. */
function named(policy: Question['policy']): Question['policy'] {
  return JSON.parse(JSON.stringify(policy).replaceAll('"trustRoot":"corpus"', '"trustRoot":"test"')) as Question['policy'];
}

/**
 * Configurations of the corpus' images, which it leaves out: Kyverno reads them. Each image holds one file that says the image's name, so that they can be made again; that
 * their digests are right is seen by whoever asks for them by digest.
 */
export function corpusConfigurations(folder: string): Map<string, Buffer> {
  const repositories = Object.keys(JSON.parse(readFileSync(join(folder, 'repos.json'), 'utf8')) as object);
  return new Map(repositories.map((repository) => {
    const bytes = Buffer.from(`{"architecture":"amd64","created":"0001-01-01T00:00:00Z","history":[{"created":"0001-01-01T00:00:00Z"}],"os":"linux","rootfs":{"type":"layers","diff_ids":["sha256:${
      sha256(archive(repository.slice(repository.lastIndexOf('/') + 1)))}"]},"config":{}}`);
    return [`sha256:${sha256(bytes)}`, bytes];
  }));
}

/** A tar archive with the one file `hello.txt`. @see https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html (ustar) */
function archive(content: string): Buffer {
  const blocks = Buffer.alloc(10_240);
  const field = (text: string, at: number): number => blocks.write(text, at, 'latin1');
  field('hello.txt', 0);
  field('0000644\0' + '0000000\0' + '0000000\0' + `${content.length.toString(8).padStart(11, '0')}\0` + '00000000000\0', 100);
  field('        ', 148);
  field('0', 156);
  field('ustar\0' + '00', 257);
  const checksum = blocks.subarray(0, 512).reduce((sum, byte) => sum + byte, 0);
  field(`${checksum.toString(8).padStart(6, '0')}\0 `, 148);
  field(content, 512);
  return blocks;
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
