import { formatReference, ImageReferenceError, parseReference } from '../../../lib/kubernetes/reference';
import { expectedRegistry, readByGrammar } from '../../kubernetes/reference-grammar';
import { Target } from '../fuzz';
import { ANY } from '../mutations';
import { expectSame, read } from './refusal';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

/** Image references, against the grammar of the container runtime. */
export const reference: Target = {
  name: 'reference',
  seeds: [
    'nginx', 'library/nginx', 'docker.io/library/nginx:1.27', 'index.docker.io/acme/app', 'registry-1.docker.io/library/nginx', `ghcr.io/acme/app@${DIGEST}`,
    `ghcr.io/acme/app:v1@${DIGEST}`, 'reg.test:5000/acme/app', 'localhost/app', 'localhost:5000/a/b/c', 'Acme/app', '127.0.0.1:80/a', '[::1]:5000/a__b/c--d.e', `a/b@sha512:${'0f'.repeat(64)}`,
    'xn--e1aybc.test/app:latest', 'oci:app', '0x7f.1/app', '127.1/app',
  ].map((text) => Buffer.from(text)),
  mutations: ANY,
  within: 50,
  judge: (input) => {
    const text = input.toString('utf8');
    const ours = read(() => parseReference(text), ImageReferenceError)?.value;
    if (ours === undefined) {
      return 'refused';
    }
    const theirs = readByGrammar(text);
    if (theirs === undefined) {
      throw new Error(`${JSON.stringify(text)} is read, and the runtime refuses it`);
    }
    expectSame('host', ours.registry, expectedRegistry(theirs));
    expectSame('repository', ours.repository, theirs.path);
    expectSame('digest', ours.digest, theirs.digest);
    expectSame('tag', ours.tag, theirs.tag ?? (theirs.digest === undefined ? 'latest' : undefined));
    const canonical = formatReference(ours);
    expectSame('its canonical text, read again,', formatReference(parseReference(canonical)), canonical);
    return 'accepted';
  },
};
