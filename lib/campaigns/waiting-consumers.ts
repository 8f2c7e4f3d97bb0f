import { Prisma } from '#generated/prisma/client.ts';
import { db } from '#lib/kernel/db.ts';

export interface WaitingConsumer {
  campaignId: string;
  projectId: string;
  projectName: string;
  name: string;
  owner: string | null;
  isManual: boolean;
  jobId: string;
}

/** Consumers that hold an earlier password after a campaign rotated their login: open tasks, and variables that are not in sync. */
const WAITING = (campaignIds: string[]) => Prisma.sql`
  SELECT l.campaign_id AS "campaignId", t.project_id AS "projectId", l.job_id AS "jobId", t.name, t.owner, true AS "isManual"
  FROM campaign_logins l JOIN rotations r ON r.job_id = l.job_id JOIN consumer_tasks t ON t.rotation_id = r.id
  WHERE l.campaign_id = ANY(${campaignIds}) AND l.outcome = 'rotated' AND t.done_at IS NULL
  UNION ALL
  SELECT l.campaign_id, i.project_id, l.job_id, i.provider::text || ' ' || g.target, NULL, false
  FROM campaign_logins l JOIN projects p ON p.database_id = l.database_id JOIN integrations i ON i.project_id = p.id JOIN integration_targets g ON g.integration_id = i.id
  JOIN credentials c ON c.database_id = l.database_id AND c.state = 'current'
  WHERE l.campaign_id = ANY(${campaignIds}) AND l.outcome = 'rotated' AND l.job_id IS NOT NULL AND g.kept_at IS NULL
    AND (g.state IN ('failed', 'drifted') OR coalesce(g.version, 0) < c.version)`;

/** How many of them each campaign has. */
export async function countWaitingConsumers(campaignIds: string[]): Promise<Map<string, number>> {
  const rows = await db.$queryRaw<{ id: string; count: number }[]>`
    SELECT "campaignId" AS id, count(*)::int FROM (${WAITING(campaignIds)}) waiting GROUP BY "campaignId"`;
  return new Map(rows.map(({ id, count }) => [id, count]));
}

/** Those of one campaign, by project: the first so many. */
export const listWaitingConsumers = (campaignId: string, most: number): Promise<WaitingConsumer[]> =>
  db.$queryRaw<WaitingConsumer[]>`
    SELECT waiting.*, p.name AS "projectName" FROM (${WAITING([campaignId])}) waiting JOIN projects p ON p.id = waiting."projectId"
    ORDER BY p.name, waiting.name LIMIT ${most}`;
