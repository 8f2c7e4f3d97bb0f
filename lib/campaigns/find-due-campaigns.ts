import { Prisma } from '#generated/prisma/client.ts';
import { db } from '#lib/kernel/db.ts';
import { isSharedClaimable } from '#lib/queue/claim.ts';

/** Rotations of campaigns that ended, or came to need attention, since the campaign took note of them; `l` is the login's row. */
export const UNSETTLED = Prisma.sql`l.job_id IS NOT NULL AND l.ended_at IS NULL
  AND (j.id IS NULL OR j.state IN ('completed', 'failed') OR (NOT l.in_doubt AND r.state = 'needs_attention') OR (l.in_doubt AND r.state <> 'needs_attention'))`;
export const WITH_ROTATION = Prisma.sql`LEFT JOIN jobs j ON j.id = l.job_id LEFT JOIN rotations r ON r.job_id = j.id`;

/** Campaigns with rotations to request or to settle. */
export async function findDueCampaigns(workerId: string, inHand: string[]): Promise<string[]> {
  const due = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM (
      SELECT id FROM campaigns WHERE next_attempt_at <= now()
      UNION SELECT l.campaign_id FROM campaign_logins l ${WITH_ROTATION} WHERE ${UNSETTLED}) due
    WHERE id <> ALL(${inHand}) AND ${isSharedClaimable('campaign.run', Prisma.sql`due.id`, workerId)} LIMIT 100`;
  return due.map(({ id }) => id);
}
