import type { Prisma } from '#generated/prisma/client.ts';
import type { RotationState } from '#generated/prisma/enums.ts';
import { db, type Tx } from '#lib/db.ts';
import type { StepKind } from '#lib/http/wire/job.ts';
import type { Claimed } from './attempt.ts';
import { mayMove } from './states.ts';

/** Somebody newer works on the rotation, or it has ended: this attempt must stop and write nothing. */
export class StaleFenceError extends Error {
  constructor() {
    super('A newer attempt has the rotation.');
    this.name = 'StaleFenceError';
  }
}

export interface TimelineEntry {
  kind: StepKind;
  detail?: Prisma.InputJsonObject;
  durationMs?: number;
}

interface Move {
  /** The next state; the present one where only facts are added. */
  to: RotationState;
  data?: Prisma.RotationUncheckedUpdateManyInput;
  steps?: TimelineEntry[];
  /** What the new values refer to, written first. */
  before?: (tx: Tx) => Promise<unknown>;
  /** More writes of the same transaction, once the fence is known to hold. */
  also?: (tx: Tx) => Promise<unknown>;
}

/**
 * Compare-and-set: moves the rotation on if it still stands under our fence and in the state we know, with its
 * timeline, in one transaction. Throws StaleFenceError, and writes nothing, otherwise.
 */
export async function moveRotation(claimed: Claimed, { to, data = {}, steps = [], before, also }: Move): Promise<void> {
  const { row, fence } = claimed;
  if (to !== row.state && !mayMove(row.state, to)) throw new Error(`a rotation may not move from ${row.state} to ${to}`);
  const set = async (tx: Tx): Promise<void> => {
    const { count } = await tx.rotation.updateMany({ where: { id: row.id, fence, state: row.state }, data: { ...data, state: to } });
    if (count !== 1) throw new StaleFenceError();
  };
  if (!before && !also && steps.length === 0) await set(db);
  else
    await db.$transaction(async (tx) => {
      await before?.(tx);
      await set(tx);
      await addSteps(tx, claimed, steps);
      await also?.(tx);
    });
  Object.assign(row, data, { state: to });
}

async function addSteps(tx: Tx, { row, fence }: Claimed, steps: TimelineEntry[]): Promise<void> {
  if (steps.length === 0) return;
  await tx.rotationStep.createMany({
    data: steps.map(({ kind, detail = {}, durationMs }) => ({
      organizationId: row.organizationId,
      rotationId: row.id,
      fence,
      kind,
      detail,
      durationMs: durationMs ?? null,
    })),
  });
}
