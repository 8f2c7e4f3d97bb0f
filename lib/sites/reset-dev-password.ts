import type { DevResetWire, ResetBody } from '#lib/contract/vector/reset.ts';
import type { Context } from '#lib/kernel/context.ts';
import { requestRotation } from '#lib/rotation/request/request-rotation.ts';
import { awaitReset } from './await-reset.ts';
import { loadSite } from './load-site.ts';
import { siteToWire } from './to-wire.ts';

/**
 * Gives a site's development database a new password and waits until it is proven: the old one is refused from then on,
 * its connections are closed, and the wp-config.php holds the new one. Where `is_done` is false the rotation goes on.
 * @throws {DomainError} not_found, rotation_in_progress, project_not_ready, reset_failed
 */
export async function resetDevPassword(context: Context, siteId: string, body: ResetBody, patienceMs?: number): Promise<DevResetWire> {
  const { id, projectId } = await loadSite(context, siteId);
  const { jobId } = await requestRotation(context, projectId, { ...body, close_sessions: true });
  const { isDone, password } = await awaitReset(context, projectId, jobId, patienceMs);
  const site = siteToWire(await loadSite(context, id), password);
  return { ...site, job_id: jobId, is_done: isDone, ...(password && { dev_db_password: password.reveal() }) };
}
