import { Evidence, Statement } from '../../lib/decide/evidence';
import { auditor, auditorCertificate, certificate, judge, outcome, piece, policy, release, signed } from './world';

const ANNOTATIONS = { env: 'prod', approved: 'yes' };
const documents = [policy({ requirements: [{ type: 'signature', name: 'signature', attestors: ['release'], annotations: ANNOTATIONS }] })];

function annotated(annotations: Statement['annotations'], label = 'a signature'): Evidence {
  return piece({ label, statement: { ...signed, ...(annotations === undefined ? {} : { annotations }) } });
}

test('a signature with the annotations is allowed, with further ones as well; each is a check of the proof', () => {
  const verdict = judge(documents, [annotated({ ...ANNOTATIONS, more: 'x' })]);
  expect(outcome(verdict)).toBe('allowed');
  expect(verdict.proof).toMatchObject([{ checks: expect.arrayContaining(['annotation:env', 'annotation:approved']) as unknown }]);
});

test.each<[string, Statement['annotations']]>([
  ['without annotations', undefined],
  ['with one of them', { env: 'prod' }],
  ['with another value', { ...ANNOTATIONS, env: 'dev' }],
  ['with a longer value', { ...ANNOTATIONS, env: 'prod2' }],
  ['with another case', { ...ANNOTATIONS, env: 'Prod' }],
  ['with the value under another name', { ...ANNOTATIONS, env: 'x', ENV: 'prod' }],
])('a signature %s is denied', (_what, annotations) => {
  expect(outcome(judge(documents, [annotated(annotations)]))).toEqual(['WRONG_ANNOTATION']);
});

test('E08 what two signatures have only together counts for neither, in either order', () => {
  const halves = [annotated({ env: 'prod' }, 'one'), annotated({ approved: 'yes' }, 'two')];
  expect(outcome(judge(documents, halves))).toEqual(['WRONG_ANNOTATION']);
  expect(outcome(judge(documents, [...halves].reverse()))).toEqual(['WRONG_ANNOTATION']);
  expect(outcome(judge(documents, [...halves, annotated(ANNOTATIONS, 'three')]))).toBe('allowed');
});

test('a stranger\'s annotations do not count', () => {
  const stranger = piece({ statement: { ...signed, annotations: ANNOTATIONS }, signer: certificate({ subject: 'https://evil.test' }) });
  expect(outcome(judge(documents, [stranger]))).toEqual(['WRONG_IDENTITY']);
  expect(outcome(judge(documents, [stranger, annotated({ env: 'prod' }, 'mine')]))).toEqual(['WRONG_ANNOTATION']);
});

test('of several signers each has to annotate', () => {
  const both = [policy({
    attestors: { release, auditor }, requirements: [{ type: 'signature', name: 'signature', attestors: ['release', 'auditor'], threshold: 2, annotations: { env: 'prod' } }],
  })];
  const by = (annotations: Statement['annotations']): Evidence[] => [
    annotated({ env: 'prod' }),
    piece({ label: 'audit', signer: auditorCertificate, under: [auditor], statement: { ...signed, ...(annotations === undefined ? {} : { annotations }) } }),
  ];
  expect(outcome(judge(both, by({ env: 'prod' })))).toBe('allowed');
  expect(outcome(judge(both, by(undefined)))).toEqual(['BELOW_THRESHOLD', 'WRONG_ANNOTATION']);
});

test('names of JavaScript\'s own are annotations like others', () => {
  const named = [policy({ requirements: [{ type: 'signature', name: 'signature', attestors: ['release'], annotations: { constructor: 'x' } }] })];
  expect(outcome(judge(named, [annotated({})]))).toEqual(['WRONG_ANNOTATION']);
  expect(outcome(judge(named, [annotated({ constructor: 'x' })]))).toBe('allowed');
});
