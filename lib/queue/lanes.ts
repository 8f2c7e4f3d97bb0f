import pLimit, { type LimitFunction } from 'p-limit';

/**
 * Runs work in lanes, one for each server: at most `perLane` at once in a lane, and no lane waits for another.
 * A thousand servers that do not answer fill a thousand lanes, not the way of the healthy ones.
 */
export class Lanes {
  readonly #lanes = new Map<string, LimitFunction>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #perLane: number;

  constructor(perLane: number) {
    this.#perLane = perLane;
  }

  /** Whether nothing new should be begun. */
  isDraining = false;

  /** Runs `task` in `lane` unless one of the same `id` is waiting or running here already. It must not reject. */
  run(lane: string, id: string, task: () => Promise<void>): void {
    if (this.#running.has(id)) return;
    const limit = this.#lanes.get(lane) ?? pLimit(this.#perLane);
    this.#lanes.set(lane, limit);
    const done = limit(task).finally(() => {
      this.#running.delete(id);
      if (limit.activeCount === 0 && limit.pendingCount === 0) this.#lanes.delete(lane);
    });
    this.#running.set(id, done);
  }

  /** What runs or waits here. */
  ids(): string[] {
    return [...this.#running.keys()];
  }

  /** Resolves when nothing runs or waits any more. */
  async drain(): Promise<void> {
    this.isDraining = true;
    await Promise.allSettled(this.#running.values());
  }
}
