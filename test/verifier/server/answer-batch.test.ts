import { AnswerBatch } from '../../../lib/verifier/server/answer-batch';

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

function batch(): { answers: AnswerBatch; sent: number[]; add: (number: number) => Promise<void> } {
  const answers = new AnswerBatch();
  const sent: number[] = [];
  return { answers, sent, add: (number) => answers.add(() => void sent.push(number)) };
}

test('answers of one turn are sent together at its end, in their order', async () => {
  const { sent, add } = batch();
  void add(1);
  void add(2);
  expect(sent).toEqual([]);
  await turn();
  expect(sent).toEqual([1, 2]);
});

test('who waits goes on when the answer is sent, in the next turn as well, and each is sent once', async () => {
  const { sent, add } = batch();
  await add(1);
  expect(sent).toEqual([1]);
  await add(2);
  await turn();
  expect(sent).toEqual([1, 2]);
});

test('no more than 32 are kept back; the rest of the turn goes out at its end', async () => {
  const { sent, add } = batch();
  const addAll = (count: number): void => Array.from({ length: count }, (_, index) => index).forEach((index) => void add(index));
  addAll(31);
  expect(sent).toHaveLength(0);
  addAll(1);
  expect(sent).toHaveLength(32);
  addAll(5);
  expect(sent).toHaveLength(32);
  await turn();
  expect(sent).toHaveLength(37);
});

test('an answer that cannot be sent is said to who waits for it, and keeps no other back', async () => {
  const { answers, sent, add } = batch();
  const outcomes = Promise.allSettled([add(1), answers.add(() => {
    throw new Error('the socket is gone');
  }), add(3)]);
  expect(await outcomes).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: { message: 'the socket is gone' } }, { status: 'fulfilled' }]);
  expect(sent).toEqual([1, 3]);
});
