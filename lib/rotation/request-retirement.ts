import { type Context, systemContext } from '#lib/context.ts';
import { db, type Tx } from '#lib/db.ts';
import { notFound } from '#lib/errors.ts';
import { wake } from '#lib/queue/wake.ts';
import { type Begun, beginRetirement } from './request-rotation.ts';

/**
 * Ends the passwords of a login that were left valid beside the current one, all but the version that a deployment has
 * just been proven to run with. Answers the job; null where there is none to end, or where a rotation is running, after
 * which a worker begins it.
 * @throws {DomainError} not_found
 */
export async function requestRetirement(context: Context, databaseId: string, { keepVersion }: { keepVersion?: number }): Promise<{ jobId: string | null }> {
  const { organizationId } = context;
  const begun = await db.$transaction(async (tx) => {
    if ((await tx.database.count({ where: { id: databaseId, organizationId } })) === 0) throw notFound('database');
    await tx.$queryRaw`SELECT FROM databases WHERE id = ${databaseId} FOR UPDATE`;
    await markRetirement(tx, databaseId, keepVersion);
    return begin(tx, context, databaseId);
  });
  wakeFor(begun);
  return { jobId: begun?.jobId ?? null };
}

/** Sets the condition of `requestRetirement` inside the transaction that makes it true: the sweep then begins it, whatever becomes of this process. */
export async function markRetirement(tx: Tx, databaseId: string, keepVersion = 0): Promise<void> {
  await tx.$executeRaw`UPDATE credentials SET held_by_deployment = (version = ${keepVersion}), updated_at = now(),
    retire_at = CASE WHEN state = 'retiring' AND version <> ${keepVersion} THEN now() ELSE retire_at END WHERE database_id = ${databaseId}`;
}

/** Begins to end what is due on a login: its hours have passed, or its deployment stands. Called by the sweep. */
export async function retireDue(databaseId: string): Promise<void> {
  const begun = await db.$transaction(async (tx) => {
    const { organizationId } = await tx.database.findUniqueOrThrow({ where: { id: databaseId } });
    return begin(tx, systemContext(organizationId), databaseId);
  });
  wakeFor(begun);
}

async function begin(tx: Tx, context: Context, databaseId: string): Promise<Begun | null> {
  const due = await tx.credential.count({ where: { databaseId, state: 'retiring', retireAt: { lte: new Date() } } });
  return due > 0 ? beginRetirement(tx, context, databaseId) : null;
}

function wakeFor(begun: Begun | null): void {
  if (begun) void wake('rotation.advance', { rotationId: begun.rotationId, lane: begun.lane });
}
