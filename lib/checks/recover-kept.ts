import type { Prisma } from '#generated/prisma/client.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { forgetVersions } from '#lib/integrations/integrations.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { unknownFailure } from '#lib/logins/failures.ts';
import { probeVersion } from '#lib/logins/probe-version.ts';
import { lockLogin } from '#lib/rotation/machine/live-rotation.ts';
import { LIVE_STATES } from '#lib/rotation/machine/states.ts';

/** Maximum rejected logins in addition to that of the current password: some servers lock an account after three. */
const MOST_REJECTED = 2;
/** Versions that a server may show to be others than its own, without a failed login. */
const MOST_TRIED = 4;

interface Refused {
  id: string;
  databaseId: string;
  version: number;
  loginName: string;
}

/** The version that was current before, and the one that is current now. */
export interface Recovered {
  from: number;
  to: number;
}

/**
 * Looks for another stored version that works after the server has rejected the current password. A restore of Rekey's
 * database, or of the server, can make an older version the right one. Versions that are not retired are tried first,
 * then the newest, until two logins have failed. A version that logs in becomes the current one: since the server
 * rejected the other password, it does check passwords. Returns null and changes nothing if no version works or a
 * rotation is live, which tries the versions itself.
 * @throws {StepFailure} if the server does not respond
 * @throws {KeyUnavailableError}
 */
export async function recoverKept(job: { id: string; organizationId: string; projectId: string }, refused: Refused): Promise<Recovered | null> {
  const { databaseId, loginName } = refused;
  if ((await db.rotation.count({ where: { databaseId, state: { in: LIVE_STATES } } })) > 0) return null;
  // A password that was stored for an earlier address is never sent to the new one.
  const { placeVersion } = await db.database.findUniqueOrThrow({ where: { id: databaseId }, select: { placeVersion: true } });
  const newest = (state: Prisma.CredentialWhereInput['state']) =>
    db.credential.findMany({
      // The passwords of old versions are erased after some time.
      where: { databaseId, loginName, state, placeVersion, sealed: { not: '' } },
      orderBy: { version: 'desc' },
      take: MOST_TRIED,
      select: { id: true, version: true },
    });
  const likeliest = [...(await newest({ notIn: ['current', 'retired'] })), ...(await newest('retired'))].slice(0, MOST_TRIED);
  let rejected = 0;
  for (const { id, version } of likeliest) {
    const probe = await probeVersion(id, job.projectId, 'direct');
    if (probe?.verdict === 'unknown') throw unknownFailure(probe, 'direct');
    if (probe?.verdict === 'refused' && probe.by === undefined && ++rejected === MOST_REJECTED) return null;
    if (probe?.verdict === 'accepted') return (await makeCurrent(job, refused, { id, version, at: probe.at })) ? { from: refused.version, to: version } : null;
  }
  return null;
}

/** False if a rotation began meanwhile, or another password was entered. The proof that follows updates the integrations. */
async function makeCurrent(
  job: { id: string; organizationId: string; projectId: string },
  refused: Refused,
  kept: { id: string; version: number; at: Date },
): Promise<boolean> {
  const { databaseId, loginName } = refused;
  return db.$transaction(async (tx) => {
    if (await lockLogin(tx, databaseId)) return false;
    const { count } = await tx.credential.updateMany({ where: { id: refused.id, state: 'current' }, data: { state: 'retired' } });
    if (count === 0) return false;
    await tx.credential.update({ where: { id: kept.id }, data: { state: 'current', retireAt: null, directProvenAt: kept.at, pooledProvenAt: null } });
    await forgetVersions(tx, databaseId);
    await recordAudit(tx, systemContext(job.organizationId), {
      action: 'project.credential_recovered',
      projectId: job.projectId,
      metadata: { job_id: job.id, role_name: loginName, from_version: refused.version, to_version: kept.version },
    });
    return true;
  });
}
