export interface BodyBudgetLimits {
  /** Bytes up to which a body is an ordinary one, which never waits for others. */
  readonly ordinary: number;
  /** Bytes that the large ones may hold together. */
  readonly large: number;
}

export const BODY_BUDGET: BodyBudgetLimits = { ordinary: 64 * 1024, large: 32 * 1024 * 1024 };

/**
 * Bounds what large bodies cost: the memory they hold together, and the time that passes before an ordinary one is looked at.
 *
 * Large bodies compete with each other alone; however many there are, an ordinary review finds room and waits for one of them at most.
 */
export class BodyBudget {
  private held = 0;
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly limits: BodyBudgetLimits = BODY_BUDGET) {}

  /** Begins a body. */
  start(): BodyShare {
    let held = 0;
    return {
      grow: (size) => {
        const more = size <= this.limits.ordinary ? 0 : size - held;
        if (this.held + more > this.limits.large) {
          return false;
        }
        held += more;
        this.held += more;
        return true;
      },
      turn: () => (held === 0 ? Promise.resolve() : this.nextTurn()),
      end: () => {
        this.held -= held;
        held = 0;
      },
    };
  }

  /** One in each turn of the event loop, so that what came meanwhile is served between two. */
  private nextTurn(): Promise<void> {
    this.last = this.last.then(() => new Promise((resolve) => void setImmediate(resolve)));
    return this.last;
  }
}

/** What one body holds. */
export interface BodyShare {
  /** Whether there is room for a body of this many bytes, which then counts until the end. */
  grow(size: number): boolean;
  /** Resolves when the body may be looked at. */
  turn(): Promise<void>;
  end(): void;
}
