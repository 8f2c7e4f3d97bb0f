import type { EventType } from '#lib/contract/webhook.ts';

/** What a type of ours is called in the sites dialect. */
const VECTOR_NAMES: Record<Exclude<EventType, `vector.${string}`>, string> = {
  'credentials.rotated': 'vector.project.credentials-rotated',
  'project.deleted': 'vector.project.deleted',
  'job.completed': 'vector.job.completed',
  'job.failed': 'vector.job.failed',
  'job.needs_attention': 'vector.job.needs-attention',
  'integration.synced': 'vector.integration.synced',
  'integration.failed': 'vector.integration.failed',
  'integration.drifted': 'vector.integration.drifted',
  'audit.checkpoint': 'vector.audit.checkpoint',
  'policy.missed': 'vector.policy.missed',
  'policy.backed_off': 'vector.policy.backed-off',
  'policy.overdue_soon': 'vector.policy.overdue-soon',
  'campaign.started': 'vector.campaign.started',
  'campaign.paused': 'vector.campaign.paused',
  'campaign.resumed': 'vector.campaign.resumed',
  'campaign.retried': 'vector.campaign.retried',
  'campaign.stopped': 'vector.campaign.stopped',
  'campaign.aborted': 'vector.campaign.aborted',
  'campaign.completed': 'vector.campaign.completed',
  'webhook.test': 'vector.webhook.test',
};

/** The sites dialect's name of an event; its own types keep theirs. */
export const vectorName = (type: string): string => (VECTOR_NAMES as Record<string, string>)[type] ?? type;
