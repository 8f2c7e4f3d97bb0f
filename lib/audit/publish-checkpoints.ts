import type { AuditCheckpointWire } from '#lib/contract/audit.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { db } from '#lib/kernel/db.ts';
import { env } from '#lib/kernel/env.ts';
import { failpoint } from '#lib/kernel/failpoint.ts';
import { recordEvent, wakeDeliveries } from '#lib/outbox/record-event.ts';
import { attemptWork, holdClaim, type SharedClaim, settleClaim } from '#lib/queue/claim.ts';
import { appendToCheckpointFile, listCheckpoints, readCheckpointFile } from './checkpoints.ts';

const DAY_MS = 86_400_000;

/** Writes a checkpoint to the file, where one is set and does not have it. Throws what the file system says. */
export async function keepInFile(checkpoint: AuditCheckpointWire, file = env.REKEY_AUDIT_CHECKPOINT_FILE): Promise<void> {
  if (!file) return;
  const kept = await readCheckpointFile(checkpoint.organization_id, file);
  if (!kept.some(({ signature }) => signature === checkpoint.signature)) await appendToCheckpointFile(checkpoint, file);
}

/** Whether a day has passed since the file was given a checkpoint of the organization; each machine has a file of its own. */
async function isFileDue(organizationId: string, now: Date): Promise<boolean> {
  if (!env.REKEY_AUDIT_CHECKPOINT_FILE) return false;
  const last = (await readCheckpointFile(organizationId)).at(-1);
  return !last || now.getTime() - Date.parse(last.created_at) >= DAY_MS;
}

/** Sends the event once a day, from whichever worker gets there first. */
async function tellWebhooks(claim: SharedClaim, checkpoint: AuditCheckpointWire): Promise<void> {
  const organizationId = checkpoint.organization_id;
  const messages = await db.$transaction(async (tx) => {
    await holdClaim(tx, claim);
    const taken = await tx.$executeRaw`
      UPDATE audit_checks SET told_at = now() WHERE organization_id = ${organizationId} AND (told_at IS NULL OR told_at < now() - interval '1 day')`;
    return taken === 0 ? [] : recordEvent(tx, { organizationId, projectId: null, type: 'audit.checkpoint', data: { ...checkpoint } });
  });
  await wakeDeliveries(messages);
}

/** Copies the newest checkpoint of each organization out of this database once a day: to the checkpoint file and to the subscribed webhooks. */
export async function publishCheckpoints(workerId: string, now = storeTime()): Promise<void> {
  const rows = await db.$queryRaw<{ organization_id: string; is_due: boolean; number: number }[]>`
    SELECT c.organization_id, (c.told_at IS NULL OR c.told_at < now() - interval '1 day') AS is_due, newest.number
    FROM audit_checks c JOIN organizations o ON o.id = c.organization_id
    CROSS JOIN LATERAL (SELECT p.number FROM audit_checkpoints p WHERE p.organization_id = c.organization_id ORDER BY p.number DESC LIMIT 1) newest
    WHERE c.findings = '[]'`;
  for (const { organization_id: organizationId, is_due: isDue, number } of rows) {
    const isDueInFile = await isFileDue(organizationId, now);
    if (isDue || isDueInFile) await attemptWork('audit.publish', organizationId, workerId, (claim) => publish(claim, { isDue, isDueInFile, number }));
  }
}

async function publish(claim: SharedClaim, { isDue, isDueInFile, number }: { isDue: boolean; isDueInFile: boolean; number: number }): Promise<void> {
  const newest = (await listCheckpoints({ organizationId: claim.id }, { after: number - 1 })).at(-1);
  await failpoint('checkpoint.loaded');
  if (newest && isDueInFile) {
    // The last line counts as the latest checkpoint, so an older one must not follow a newer one.
    await db.$transaction((tx) => holdClaim(tx, claim));
    await keepInFile(newest);
  }
  if (newest && isDue) await tellWebhooks(claim, newest);
  await db.$transaction((tx) => settleClaim(tx, claim));
}
