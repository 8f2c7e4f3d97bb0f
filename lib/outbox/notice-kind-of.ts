import type { Prisma } from '#generated/prisma/client.ts';
import type { NoticeKind } from '#lib/contract/notification.ts';

const KINDS: Partial<Record<string, NoticeKind>> = {
  'job.needs_attention': 'rotation_failed',
  'policy.backed_off': 'rotation_failed',
  'policy.missed': 'window_missed',
  'policy.overdue_soon': 'overdue_soon',
  'campaign.stopped': 'campaign_stopped',
  'integration.drifted': 'drift',
};

/** What kind of notice an event makes; null where members are not notified of it by e-mail. */
export function noticeKindOf(type: string, data: Prisma.InputJsonObject): NoticeKind | null {
  if (type === 'job.failed') return data.job_type === 'project.rotate_credentials' ? 'rotation_failed' : null;
  return KINDS[type] ?? null;
}
