import { requireWholeLogin } from '#lib/access/require-whole-login.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { JobWire } from '#lib/contract/job.ts';
import type { ProjectWire, TrustServerKeyBody } from '#lib/contract/project.ts';
import { getJob } from '#lib/jobs/jobs.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { insertVerification, wakeVerification } from '#lib/logins/insert-verification.ts';
import { loadProject } from '#lib/logins/load-project.ts';
import { pinColumn, refusedKeysOf } from '#lib/logins/refused-keys.ts';
import { lockLogin, retryAtOnce } from '#lib/rotation/machine/live-rotation.ts';
import { getProject } from './get-project.ts';

/**
 * Trusts a key that a server showed in place of the trusted one, because a person has compared both, and checks the
 * login again; a rotation that needs attention goes on with it instead.
 * @throws {DomainError} not_found, conflict where that key was not shown, or is no longer the question
 */
export async function trustServerKey(context: Context, projectId: string, body: TrustServerKeyBody): Promise<{ project: ProjectWire; job: JobWire }> {
  const { jobId, isNew } = await db.$transaction(async (tx) => {
    const { databaseId } = await loadProject(context, projectId, tx);
    const live = await lockLogin(tx, databaseId);
    const { database } = await loadProject(context, projectId, tx);
    const refused = refusedKeysOf(database);
    const key = refused.find(({ endpoint, kind, offered }) => endpoint === body.endpoint && kind === body.kind && offered === body.fingerprint);
    if (!key)
      throw new DomainError(
        'conflict',
        'The server has not presented this key instead of the trusted one. Check the connection, then compare again; nothing was changed.',
      );
    await requireWholeLogin(tx, context, databaseId);
    await tx.database.update({
      where: { id: databaseId },
      data: { [pinColumn(key)]: key.offered, refusedKeys: refused.filter((other) => other !== key), ...(!live && { state: 'verifying', lastError: null }) },
    });
    await recordAudit(tx, context, {
      action: 'project.server_key_trusted',
      projectId,
      metadata: { role_name: database.roleName, endpoint: key.endpoint, kind: key.kind, from: key.trusted, to: key.offered, proof: 'person' },
    });
    if (live) await retryAtOnce(tx, live);
    return live ? { jobId: live.jobId, isNew: false } : { jobId: await insertVerification(tx, context, { id: projectId, databaseId }), isNew: true };
  });
  const [project, job] = await Promise.all([getProject(context, projectId), getJob(context, jobId)]);
  if (isNew) wakeVerification(jobId, { host: project.public_host, directPort: project.direct_port });
  return { project, job };
}
