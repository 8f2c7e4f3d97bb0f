import type { Database } from '#generated/prisma/client.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { failpoint } from '#lib/kernel/failpoint.ts';
import { isAboutServer } from '#lib/logins/failures.ts';
import { insertVerification } from '#lib/logins/insert-verification.ts';
import { probeVersion } from '#lib/logins/probe-version.ts';
import { isNewProtection, type LoginProtection, protectionColumns } from '#lib/logins/protection.ts';
import { attemptWork, holdClaim, type SharedClaim, settleClaim } from '#lib/queue/claim.ts';
import { lockLogin } from '#lib/rotation/machine/live-rotation.ts';
import { verifyConnection } from './verify-connection.ts';

const WITH_LOGIN = {
  projects: { orderBy: { createdAt: 'asc' }, take: 1 },
  credentials: { where: { state: 'current' } },
} as const;

/** The login to check, with the version that is current now. */
interface Looked {
  databaseId: string;
  organizationId: string;
  projectId: string;
  credentialId: string;
}

/**
 * Logs in once with the stored password, directly and then through the pooler, and records the time if it works: no
 * job, no audit event, no webhook event. If it is rejected, a connection check reports it and does the rest. A server
 * that does not answer says nothing; it is tried again when the next check is pending.
 * @throws {KeyUnavailableError}
 */
export async function runDailyCheck(databaseId: string, workerId: string): Promise<void> {
  await attemptWork('connection.check', databaseId, workerId, (claim) => check(claim, workerId));
}

async function check(claim: SharedClaim, workerId: string): Promise<void> {
  const databaseId = claim.id;
  const row = await db.database.findUnique({ where: { id: databaseId, state: 'ready' }, include: WITH_LOGIN });
  const [credential] = row?.credentials ?? [];
  const [project] = row?.projects ?? [];
  if (!row || !credential || !project) return;
  const looked = { databaseId, organizationId: row.organizationId, projectId: project.id, credentialId: credential.id };
  // Null if the password cannot be decrypted; a connection check reports why.
  const direct = await probeVersion(credential.id, project.id, 'direct');
  if (direct?.verdict === 'unknown' && !isAboutServer(direct.failure)) return;
  // One failed login is enough: a password that the server rejected is not tried through the pooler.
  const pooled = direct?.verdict === 'accepted' ? await probeVersion(credential.id, project.id, 'pooled') : null;
  await failpoint('look.done');
  // A connection check records a newly proven key, or one that a person has to compare.
  const isNews = direct?.protection?.channel === 'bound' || (pooled?.verdict === 'unknown' && isAboutServer(pooled.failure));
  if (direct?.verdict === 'accepted' && pooled?.verdict !== 'refused' && !isNews) {
    const protection = direct.protection && { direct: direct.protection, pooled: pooled?.protection ?? null };
    await recordProof(claim, looked, row, direct.at, pooled?.verdict === 'accepted' ? pooled.at : null, protection);
  } else {
    const jobId = await insertUnlessOvertaken(claim, looked);
    // A password that was just rejected is not tried again, since servers lock accounts.
    if (jobId) await verifyConnection(jobId, workerId, direct?.verdict === 'refused' ? credential.id : undefined);
  }
}

/** Writes nothing if another password has become the current one in the meantime. */
async function recordProof(
  claim: SharedClaim,
  { databaseId, credentialId }: Looked,
  row: Database,
  directProvenAt: Date,
  pooledProvenAt: Date | null,
  protection?: LoginProtection,
): Promise<void> {
  await db.$transaction(async (tx) => {
    await settleClaim(tx, claim);
    const data = { directProvenAt, ...(pooledProvenAt && { pooledProvenAt }) };
    const { count } = await tx.credential.updateMany({ where: { id: credentialId, state: 'current' }, data });
    if (count === 0) return;
    if (protection && isNewProtection(row, protection)) await tx.database.update({ where: { id: databaseId }, data: protectionColumns(row, protection) });
    // Open pages update. The proof clears the error of a connection check, but not that of a rotation.
    await tx.$executeRaw`
      UPDATE databases d SET next_check_at = now(),
        last_error = CASE WHEN (SELECT type FROM jobs WHERE id = d.latest_job_id) = 'project.verify_connection' THEN NULL ELSE last_error END
      WHERE id = ${databaseId} AND state = 'ready'`;
  });
}

/** Requests a connection check, unless the login was claimed for a rotation, proven again, or given another password in the meantime: the rejection is then outdated. */
async function insertUnlessOvertaken(claim: SharedClaim, { databaseId, organizationId, projectId, credentialId }: Looked): Promise<string | null> {
  return db.$transaction(async (tx) => {
    await holdClaim(tx, claim);
    if (await lockLogin(tx, databaseId)) return null;
    const untouched = await tx.database.count({
      where: {
        id: databaseId,
        state: 'ready',
        credentials: { some: { id: credentialId, state: 'current' } },
        jobs: { none: { type: 'verify_connection', state: { in: ['queued', 'running'] } } },
      },
    });
    if (untouched === 0) return null;
    return insertVerification(tx, systemContext(organizationId), { id: projectId, databaseId });
  });
}
