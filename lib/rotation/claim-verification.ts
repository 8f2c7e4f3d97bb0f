import { Prisma } from '#generated/prisma/client.ts';
import { db } from '#lib/db.ts';
import { isUnclaimed } from '#lib/queue/liveness.ts';
import { laneOfLogin } from './target.ts';

/** Longer than four tries at a server that does not answer may take. */
const LEASE = Prisma.sql`interval '90 seconds'`;

const isDue = (workerId: string) => Prisma.sql`
  j.type = 'project.verify_connection' AND (j.state = 'queued'
    OR j.state = 'running' AND ${isUnclaimed(Prisma.sql`j.claimed_by`, Prisma.sql`j.claimed_at + ${LEASE}`, workerId)})`;

/** Takes a verification; false where another living worker has it or it has ended. */
export async function claimVerification(id: string, workerId: string): Promise<boolean> {
  const claimed = await db.$executeRaw`
    UPDATE jobs j SET state = 'running', claimed_by = ${workerId}, claimed_at = now(), started_at = coalesce(started_at, now()), updated_at = now()
    WHERE j.id = ${id} AND ${isDue(workerId)}`;
  return claimed === 1;
}

/** Verifications that nobody works on, oldest first, with the lane each runs in; without those that the worker has in hand. */
export async function findDueVerifications(workerId: string, inHand: string[]): Promise<{ id: string; lane: string }[]> {
  const due = await db.$queryRaw<{ id: string; host: string; directPort: number }[]>`
    SELECT j.id, d.host, d.direct_port AS "directPort" FROM jobs j
    JOIN databases d ON d.id = j.database_id
    WHERE ${isDue(workerId)} AND j.id <> ALL(${inHand}) ORDER BY j.created_at LIMIT 1000`;
  return due.map(({ id, ...login }) => ({ id, lane: laneOfLogin(login) }));
}
