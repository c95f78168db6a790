/** Told who asks, and who comes and goes. */
interface Watcher {
  readonly came: (name: string) => unknown;
  readonly went: (name: string) => unknown;
}

/** Those for whom a piece of work is done, by name; more may come and others go while it goes on. */
export class Askers {
  /** One who stays. */
  static only(name: string): Askers {
    const askers = new Askers();
    askers.come(name);
    return askers;
  }

  private readonly times = new Map<string, number>();
  private readonly watchers = new Set<Watcher>();
  private lines = 0;

  get areNone(): boolean {
    return this.times.size === 0;
  }

  /** Whether a part of the work waits for its turn now. */
  get standInLine(): boolean {
    return this.lines > 0;
  }

  /** Waits for a turn in the name of each of them, of those too who come later. @returns what ends that */
  stand(watcher: Watcher): () => void {
    this.lines += 1;
    const forget = this.watch(watcher);
    return () => {
      this.lines -= forget() ? 1 : 0;
    };
  }

  /** Whoever is among the others is here too, for as long as he is there. @returns what ends that, for all of them */
  follow(others: Askers): () => void {
    const followed = new Set<string>();
    const forget = others.watch({
      came: (name) => {
        followed.add(name);
        this.come(name);
      },
      went: (name) => {
        followed.delete(name);
        this.go(name);
      },
    });
    return () => {
      forget();
      followed.forEach((name) => this.go(name));
      followed.clear();
    };
  }

  /** @returns what ends it, and says whether that was the first time */
  private watch(watcher: Watcher): () => boolean {
    this.watchers.add(watcher);
    [...this.times.keys()].forEach((name) => watcher.came(name));
    return () => this.watchers.delete(watcher);
  }

  private come(name: string): void {
    const before = this.times.get(name) ?? 0;
    this.times.set(name, before + 1);
    if (before === 0) {
      this.watchers.forEach(({ came }) => came(name));
    }
  }

  private go(name: string): void {
    const left = (this.times.get(name) ?? 0) - 1;
    if (left > 0) {
      this.times.set(name, left);
      return;
    }
    this.times.delete(name);
    this.watchers.forEach(({ went }) => went(name));
  }
}
