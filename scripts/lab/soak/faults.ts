// What goes wrong during a soak, one after the other, chosen by the seed.
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '#scripts/torture/random.ts';
import { type Crew, canShiftClocks, isReady, type Member } from './crew.ts';
import type { Stage } from './stage.ts';

/** How far the clock of a process may be off, in ms. */
export const CLOCKS_MS = [0, 0, 15_000, -15_000, 180_000] as const;

export interface FaultOptions {
  everyMs: number;
  /** After it the first web server and the first worker live on: their memory is watched. */
  sparesFirst: () => boolean;
  say: (what: string) => void;
}

export class Faults {
  readonly counts = new Map<string, number>();
  /** What could not be broken, or not put right again. */
  readonly broken: string[] = [];
  readonly #stage: Stage;
  readonly #crew: Crew;
  readonly #random: Random;
  readonly #options: FaultOptions;
  readonly #stopping = new AbortController();
  #all: Promise<void>[] = [];

  constructor(stage: Stage, crew: Crew, random: Random, options: FaultOptions) {
    this.#stage = stage;
    this.#crew = crew;
    this.#random = random;
    this.#options = options;
  }

  start(): void {
    const { everyMs } = this.#options;
    const { direct, pooled, mariadb, store } = this.#stage;
    this.#all = [
      this.#repeat(everyMs, () => this.#kill()),
      this.#repeat(everyMs / 5, () => this.#revive()),
      this.#repeat(4.5 * everyMs, () => this.#restart('PostgreSQL 18', () => direct.down(this.#how()), direct.start)),
      this.#repeat(5.5 * everyMs, () => this.#restart('PostgreSQL 15', () => pooled.down(this.#how()), pooled.start)),
      this.#repeat(5 * everyMs, () => this.#restart('MariaDB', () => mariadb.down(this.#how()), mariadb.start)),
      this.#repeat(4 * everyMs, () => this.#restart('PgBouncer', pooled.crashPooler, pooled.startPooler)),
      this.#repeat(11 * everyMs, () => this.#restart('the store', store.crash, store.start)),
      this.#repeat(7 * everyMs, () => this.#partition()),
    ];
  }

  /** Resolves once nothing more goes wrong and everything that was taken down is up. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#all);
  }

  #how = (): 'stop' | 'crash' => (this.#random.next() < 0.5 ? 'stop' : 'crash');

  #count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
    this.#options.say(what);
  }

  /** Does it again and again, with a rest that is never the same. */
  async #repeat(everyMs: number, act: () => Promise<void>): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await delay(everyMs * this.#random.between(0.7, 1.3), undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) await act().catch((error: Error) => this.broken.push(error.message));
    }
  }

  async #revive(): Promise<void> {
    for (const { kind } of this.#crew.revive()) this.#count(`${kind} ended by itself`);
  }

  async #kill(): Promise<void> {
    const sparesFirst = this.#options.sparesFirst();
    // One that is still starting has not come back yet.
    const members = this.#crew.members.filter((member) => (member.number === 2 || !sparesFirst) && isReady(member));
    if (members.length === 0) return;
    const member = this.#random.pick<Member>(members);
    const clockMs = canShiftClocks && member.kind === 'worker' ? this.#random.pick(CLOCKS_MS) : 0;
    this.#count(`kill -9 of a ${member.kind}`);
    if (clockMs !== 0) this.#count(`clock off by ${clockMs / 1_000} s`);
    await this.#crew.kill(member, clockMs);
  }

  /** Takes a server down, for 2 to 10 s, and up again. */
  async #restart(what: string, down: () => Promise<void>, up: () => Promise<void>): Promise<void> {
    this.#count(`restart of ${what}`);
    const began = performance.now();
    await down();
    await delay(this.#random.between(2_000, 10_000));
    await up();
    this.#options.say(`${what} is back after ${((performance.now() - began) / 1_000).toFixed(1)} s`);
  }

  /** The second web server and worker hear nothing of the store for a while, and their connections stay open. */
  async #partition(): Promise<void> {
    const { relay } = this.#stage.store;
    this.#count('store out of reach of one half');
    relay.swallow(true);
    await delay(this.#random.between(3_000, 15_000));
    // What was swallowed is missing in them.
    relay.cut();
    relay.swallow(false);
  }
}
