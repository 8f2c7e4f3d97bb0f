import type { Prisma } from '#generated/prisma/client.ts';
import { NOTICE_KINDS, type NoticeKind } from '#lib/contract/notification.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { env } from '#lib/kernel/env.ts';

const KINDS: Partial<Record<string, NoticeKind>> = {
  'job.needs_attention': 'rotation_failed',
  'policy.backed_off': 'rotation_failed',
  'policy.missed': 'window_missed',
  'policy.overdue_soon': 'overdue_soon',
  'campaign.stopped': 'campaign_stopped',
  'integration.drifted': 'drift',
};

/** What kind of notice an event makes; null where members are not notified of it by e-mail. */
function noticeKindOf(type: string, data: Prisma.InputJsonObject): NoticeKind | null {
  if (type === 'job.failed') return data.job_type === 'project.rotate_credentials' ? 'rotation_failed' : null;
  return KINDS[type] ?? null;
}

/** Notices gather for so long before the first of them is sent, in seconds. */
const GATHER_S = 60;
/** Between two mails to a member at least, in seconds: a thousand failures do not make a thousand mails. */
const APART_S = 900;

interface NoticedEvent {
  id: string;
  organizationId: string;
  projectId: string | null;
  type: string;
  data: Prisma.InputJsonObject;
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/**
 * Writes a notice of an event for each member who wants to know, in the transaction that writes the event: members
 * who reach its project and chose its kind, and the recipients of its policy. A member whose row of preferences is
 * missing wants every kind, unless they may only read. Does nothing where no mail server is set.
 */
export async function addNotices(tx: Tx, { id, organizationId, projectId, type, data }: NoticedEvent): Promise<void> {
  const kind = env.REKEY_SMTP_URL === undefined ? null : noticeKindOf(type, data);
  if (kind === null) return;
  await tx.$executeRaw`
    WITH policy AS (
      SELECT notify_user_ids FROM policies WHERE organization_id = ${organizationId}
        AND id = coalesce(${textOf(data.policy_id)}, (SELECT r.policy_id FROM rotations r WHERE r.job_id = ${textOf(data.job_id)}))
    ), wanting AS (
      SELECT m.user_id, n.time_zone AS zone,
        -- What waits for the morning: by its kind, or by the member's choice.
        ${kind} = 'overdue_soon' AS is_daily, NOT ${kind} = ANY(coalesce(n.night_kinds, ${[...NOTICE_KINDS]}::text[])) AS sleeps
      FROM members m LEFT JOIN notification_preferences n USING (organization_id, user_id)
      WHERE m.organization_id = ${organizationId}
        AND (NOT m.is_restricted OR EXISTS (
          SELECT FROM member_grants g WHERE g.organization_id = m.organization_id AND g.user_id = m.user_id AND g.project_id = ${projectId}))
        AND (EXISTS (SELECT FROM policy WHERE m.user_id = ANY(policy.notify_user_ids))
          OR (CASE WHEN n.user_id IS NULL THEN m.role <> 'viewer' ELSE ${kind} = ANY(n.kinds) END
            AND (n.tag_key IS NULL OR ${projectId}::text IS NULL OR EXISTS (
              SELECT FROM project_tags t WHERE t.project_id = ${projectId} AND t.key = n.tag_key AND t.value = n.tag_value))))
    ), timed AS (
      SELECT user_id, is_daily, sleeps, zone, now() AT TIME ZONE coalesce(zone, 'UTC') AS local FROM wanting
    )
    INSERT INTO notices (event_id, organization_id, user_id, kind, not_before)
    SELECT ${id}, ${organizationId}, user_id, ${kind}, greatest(
      now() + make_interval(secs => ${GATHER_S}),
      (SELECT max(mails.created_at) + make_interval(secs => ${APART_S}) FROM mails WHERE mails.organization_id = ${organizationId} AND mails.user_id = timed.user_id),
      -- Night is 22:00 to 07:00.
      CASE WHEN is_daily OR (sleeps AND zone IS NOT NULL AND NOT (local::time >= time '07:00' AND local::time < time '22:00'))
        THEN (date_trunc('day', local) + CASE WHEN local::time < time '07:00' THEN interval '7 hours' ELSE interval '31 hours' END) AT TIME ZONE coalesce(zone, 'UTC') END)
    FROM timed`;
}
