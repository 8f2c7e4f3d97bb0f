// The memory of the first web server and the first worker, which live through the second and the last third of a soak.
import { askMemory } from '#scripts/lab/memory/ask-memory.ts';
import { type Crew, isReady, type Member, residentMb } from './crew.ts';

const KINDS = ['web', 'worker'] as const;
type Kind = (typeof KINDS)[number];

/**
 * The most that a process may take of the machine, in MB: what docs/operations.md says it needs. V8 keeps pages of its heap
 * beyond what is held, so resident memory rises for some 2,250 rotations and is flat then, at up to 384 MB.
 */
export const MOST_RESIDENT_MB = 512;
/** How much more than in the second third a process may hold in the last. A leak grows on. */
const MOST_GROWN = 1.1;
/** Collecting gives memory back: asked more often, it would change what is measured. */
const ASKED_PER_THIRD = 5;

export interface MemoryOfKind {
  /** Mean resident memory in each third. */
  resident: number[];
  mostResident: number;
  /** Mean of what was held in the second and the last third. */
  held: number[];
  /** How many processes it was in these two: a young one holds less. */
  lives: number;
}

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** Whether a process held about the same in the last third as in the second, and never took more than it may. */
export const isBounded = ({ held: [second = 0, last = 0], mostResident, lives }: MemoryOfKind): boolean =>
  lives === 1 && second > 0 && last > 0 && last <= MOST_GROWN * second && mostResident <= MOST_RESIDENT_MB;

export class MemoryWatch {
  readonly #crew: Crew;
  readonly #thirdMs: number;
  readonly #resident: Record<Kind, number[][]> = { web: [[], [], []], worker: [[], [], []] };
  readonly #held: Record<Kind, number[][]> = { web: [[], []], worker: [[], []] };
  readonly #pids: Record<Kind, Set<number>> = { web: new Set(), worker: new Set() };
  #asked = 0;

  constructor(crew: Crew, thirdMs: number) {
    this.#crew = crew;
    this.#thirdMs = thirdMs;
  }

  /** Reads resident memory, so long after the start; at times what is held, too. */
  async sample(elapsedMs: number): Promise<void> {
    const third = Math.min(2, Math.floor(elapsedMs / this.#thirdMs));
    const isAsked = elapsedMs >= this.#thirdMs * (1 + (this.#asked + 0.5) / ASKED_PER_THIRD) && this.#asked < 2 * ASKED_PER_THIRD;
    if (isAsked) this.#asked += 1;
    for (const kind of KINDS) {
      const member = this.#crew.find(kind, 1);
      const mb = residentMb(member);
      if (mb) this.#resident[kind][third]?.push(mb);
      if (third > 0) this.#pids[kind].add(member.running.pid);
      const held = isAsked ? await heldBy(member) : null;
      if (held !== null) this.#held[kind][third - 1]?.push(held);
    }
  }

  result(): Record<Kind, MemoryOfKind> {
    const of = (kind: Kind): MemoryOfKind => ({
      resident: this.#resident[kind].map(mean),
      mostResident: Math.max(0, ...this.#resident[kind].flat()),
      held: this.#held[kind].map(mean),
      lives: this.#pids[kind].size,
    });
    return { web: of('web'), worker: of('worker') };
  }
}

/** In MB; null where the process is just starting or ending. */
async function heldBy(member: Member): Promise<number | null> {
  if (!isReady(member)) return null;
  return askMemory(member.running).then(
    ({ heapUsed }) => heapUsed,
    () => null,
  );
}
