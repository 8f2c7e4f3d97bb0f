import { Prisma } from '#generated/prisma/client.ts';
import type { RotationState } from '#generated/prisma/enums.ts';
import type { StepKind } from '#lib/contract/job.ts';
import { type Ask, ask, db, type Tx } from '#lib/kernel/db.ts';
import { ClaimLost } from '#lib/queue/claim.ts';
import type { Claimed } from './attempt.ts';
import { LEASE, RELEASED } from './claim.ts';
import { isFinal, mayMove } from './states.ts';
import { assignments, type RotationChange } from './writes.ts';

export interface TimelineEntry {
  kind: StepKind;
  detail?: Prisma.InputJsonObject;
  durationMs?: number;
}

interface Move {
  /** The next state; the current one if only facts are added. */
  to: RotationState;
  data?: RotationChange;
  steps?: TimelineEntry[];
  /** WITH items that write to other tables in the same statement; see writes.ts. */
  with?: Prisma.Sql[];
  /** More writes of the same transaction, once the fence is known to hold. */
  also?: ((tx: Tx) => Promise<unknown>) | undefined;
}

/**
 * Compare-and-set: moves the rotation if it is still under our fence and in the state we know, with its timeline and
 * the proofs so far, in one transaction. Renews the claim, or releases it if the rotation ends. Otherwise throws
 * ClaimLost and writes nothing. Runs in the caller's transaction if one is given.
 */
export async function moveRotation(claimed: Claimed, move: Move, tx?: Tx): Promise<void> {
  const { row } = claimed;
  const { to, data = {}, also } = move;
  if (to !== row.state && !mayMove(row.state, to)) throw new Error(`a rotation may not move from ${row.state} to ${to}`);
  const setIn = (own: Tx) => compareAndSet((statement) => own.$queryRaw(statement), claimed, move);
  if (tx) await setIn(tx);
  else if (also)
    await db.$transaction(async (own) => {
      await setIn(own);
      await also(own);
    });
  else await compareAndSet(ask, claimed, move);
  Object.assign(row, data, { state: to });
}

/** One statement, and so one transaction and one round trip: the time in which the stored URL is wrong ends with it. */
async function compareAndSet(run: Ask, { row, fence }: Claimed, { to, data = {}, steps = [], with: items = [] }: Move): Promise<void> {
  const timeline = steps.map(({ kind, detail = {}, durationMs = null }) => ({ kind, detail, duration_ms: durationMs }));
  const [answer] = await run<{ moved: number }>(Prisma.sql`
    WITH moved AS (
      UPDATE rotations SET ${assignments(to, data)}, proofs = ${JSON.stringify(row.proofs)}::jsonb, ${isFinal(to) ? RELEASED : Prisma.sql`lease_until = now() + ${LEASE}`}
      WHERE id = ${row.id} AND fence = ${fence} AND state = ${row.state}::"RotationState"
      RETURNING id, organization_id, fence),
    ${items.length > 0 ? Prisma.sql`${Prisma.join(items)},` : Prisma.empty}
    told AS (
      INSERT INTO rotation_steps (organization_id, rotation_id, fence, kind, detail, duration_ms)
      SELECT moved.organization_id, moved.id, moved.fence, step.kind, step.detail, step.duration_ms
      FROM moved, ROWS FROM (jsonb_to_recordset(${JSON.stringify(timeline)}::jsonb) AS (kind text, detail jsonb, duration_ms float8))
        WITH ORDINALITY AS step (kind, detail, duration_ms, position)
      ORDER BY step.position)
    SELECT count(*)::int AS moved FROM moved`);
  if (answer?.moved !== 1) throw new ClaimLost();
}
