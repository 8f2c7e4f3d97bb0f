import type { Campaign } from '#generated/prisma/client.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { Context } from '#lib/kernel/context.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { recordEvent } from '#lib/outbox/record-event.ts';
import type { Message } from '#lib/queue/jobs.ts';
import { readWaves, sumOf } from './read-progress.ts';

type Happening = 'started' | 'paused' | 'resumed' | 'retried' | 'stopped' | 'aborted' | 'completed';

/**
 * Records a change of a campaign in the audit log and the outbox, inside the transaction that makes it. Returns the
 * messages to send after the commit.
 */
export async function recordCampaign(
  tx: Tx,
  context: Context,
  { id, name, wave, stoppedBecause, note, reason }: Campaign,
  what: Happening,
): Promise<Message<'webhook.deliver'>[]> {
  const progress = sumOf(await readWaves([id], tx));
  const facts = { campaign_id: id, name, wave, ...progress, ...(what === 'stopped' && { stopped_because: stoppedBecause }) };
  const { organizationId, actor } = context;
  await recordAudit(tx, context, {
    action: `campaign.${what}`,
    ...(what === 'completed' && progress.failed > 0 && { outcome: 'failed' as const }),
    target: { type: 'campaign', id, name },
    ...(what === 'started' && note && { reason: note }),
    metadata: { ...facts, ...(reason && { reason }) },
  });
  return recordEvent(tx, { organizationId, projectId: null, type: `campaign.${what}`, data: { ...facts, reason, requested_by: actor.name } });
}
