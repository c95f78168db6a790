/** Answers that are kept back at most, so that the first of a long turn does not wait for its last. */
const MOST = 32;

/**
 * Sends the answers of one turn of the event loop together, at its end.
 *
 * Reviews that arrive together are answered together: a client that sleeps between two answers is woken once, and waking is most of what sending costs.
 */
export class AnswerBatch {
  private waiting: (() => void)[] = [];

  /** Resolves when the answer was sent; rejects with what `send` throws, which keeps no other answer back. */
  add(send: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.waiting.length === 0) {
        setImmediate(() => this.flush());
      }
      this.waiting.push(() => {
        try {
          resolve(send());
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
      if (this.waiting.length === MOST) {
        this.flush();
      }
    });
  }

  private flush(): void {
    const answers = this.waiting;
    this.waiting = [];
    answers.forEach((send) => send());
  }
}
