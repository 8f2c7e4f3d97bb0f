import { Prisma } from '#generated/prisma/client.ts';
import { db, type Tx } from '#lib/db.ts';
import { isUnclaimed } from '#lib/queue/liveness.ts';
import { laneOfLogin } from './target.ts';

/** Longer than four attempts at a server that does not answer can take. */
const LEASE = Prisma.sql`interval '90 seconds'`;

const isDue = (workerId: string) => Prisma.sql`
  j.type = 'project.verify_connection' AND (j.state = 'queued'
    OR j.state = 'running' AND ${isUnclaimed(Prisma.sql`j.claimed_by`, Prisma.sql`j.claimed_at + ${LEASE}`, workerId)})`;

/** Claims a connection check. Returns the time of the claim, which fences its writes; null if another living worker has it or it has ended. */
export async function claimVerification(id: string, workerId: string): Promise<Date | null> {
  const [claim] = await db.$queryRaw<{ claimedAt: Date }[]>`
    UPDATE jobs j SET state = 'running', claimed_by = ${workerId}, started_at = coalesce(started_at, now()), updated_at = now(),
      claimed_at = greatest(now(), claimed_at + interval '1 millisecond')
    WHERE j.id = ${id} AND ${isDue(workerId)}
    RETURNING j.claimed_at AS "claimedAt"`;
  return claim?.claimedAt ?? null;
}

/** Thrown if a later claim has the connection check, or it has ended: the result of this one is discarded. */
export class VerificationLost extends Error {
  constructor() {
    super('another claim has this verification');
    this.name = 'VerificationLost';
  }
}

/**
 * Locks a connection check to record the result of its claim.
 * @throws {VerificationLost}
 */
export async function holdVerification(tx: Tx, id: string, claimedAt: Date): Promise<void> {
  const held = await tx.$queryRaw<unknown[]>`SELECT FROM jobs WHERE id = ${id} AND state = 'running' AND claimed_at = ${claimedAt} FOR UPDATE`;
  if (held.length === 0) throw new VerificationLost();
}

/** Unclaimed connection checks, oldest first, with the lane each runs in; without those that this worker already runs. */
export async function findDueVerifications(workerId: string, inHand: string[]): Promise<{ id: string; lane: string }[]> {
  const due = await db.$queryRaw<{ id: string; host: string; directPort: number }[]>`
    SELECT j.id, d.host, d.direct_port AS "directPort" FROM jobs j
    JOIN databases d ON d.id = j.database_id
    WHERE ${isDue(workerId)} AND j.id <> ALL(${inHand}) ORDER BY j.created_at LIMIT 1000`;
  return due.map(({ id, ...login }) => ({ id, lane: laneOfLogin(login) }));
}
