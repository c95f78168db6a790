import { EvidenceFailure } from '../../../lib/verifier/sigstore/failure';
import { decodeStatement } from '../../../lib/verifier/sigstore/statement';
import { readJson } from '../../support/json-reader';
import { Target } from '../fuzz';
import { JSON_TEXT } from '../json-mutations';
import { statements } from '../seeds';
import { expectSame, plain, read } from './refusal';

interface LooseStatement {
  readonly _type: string;
  readonly predicateType: string;
  readonly predicate?: unknown;
  readonly subject: ReadonlyArray<{ readonly name?: unknown; readonly digest: { readonly [algorithm: string]: string }; readonly annotations?: object }>;
}

/** In-toto statements, against JSON.parse and a reader that goes character by character. */
export const statement: Target = {
  name: 'statement',
  seeds: statements(),
  mutations: JSON_TEXT,
  judge: (input) => {
    const ours = read(() => decodeStatement(input), EvidenceFailure)?.value;
    if (ours === undefined) {
      return 'refused';
    }
    const text = input.toString('utf8');
    const [theirs, careful] = [JSON.parse(text) as LooseStatement, readJson(text) as LooseStatement];
    expectSame('the two other readings', plain(theirs), plain(careful));
    expectSame('predicate type', ours.predicateType, theirs.predicateType);
    expectSame('predicate', plain(ours.predicate), plain(theirs.predicate));
    expectSame('subjects', plain(ours.subjects), plain(theirs.subject.map(({ name, digest }) => ({ digest, ...(typeof name === 'string' ? { name } : {}) }))));
    expectSame('says', ours.says, theirs.predicateType === 'https://sigstore.dev/cosign/sign/v1' ? 'signature' : 'attestation');
    expectSame('type', /^https:\/\/in-toto\.io\/Statement\/v(?:0\.)?1$/.test(theirs._type), true);
    return 'accepted';
  },
};
