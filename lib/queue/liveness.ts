import { Prisma } from '#generated/prisma/client.ts';
import { PRESENCE_CLASS } from './worker-presence.ts';

/**
 * SQL that is true where nobody living holds a claim: it was never made, it is `workerId`'s own, its lease is over, or
 * its worker has died (the control database has let go of the worker's lock).
 */
export const isUnclaimed = (claimedBy: Prisma.Sql, leaseUntil: Prisma.Sql, workerId: string): Prisma.Sql => Prisma.sql`(
  ${claimedBy} IS NULL OR ${claimedBy} = ${workerId} OR ${leaseUntil} < now() OR NOT EXISTS (
    SELECT FROM workers w JOIN pg_locks l
      ON l.locktype = 'advisory' AND l.classid = ${PRESENCE_CLASS}::int8::oid AND l.objid = w.lock_key::int8::oid AND l.granted
    WHERE w.id = ${claimedBy}))`;
