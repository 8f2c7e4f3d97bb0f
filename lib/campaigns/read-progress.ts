import { Prisma } from '#generated/prisma/client.ts';
import type { ProgressWire } from '#lib/contract/campaign.ts';
import { db, type Tx } from '#lib/kernel/db.ts';

/** How a login of a campaign stands, as SQL over its row `l`. */
export const LOGIN_STATE = Prisma.sql`CASE WHEN l.outcome IS NOT NULL THEN l.outcome::text WHEN l.job_id IS NULL THEN 'waiting' WHEN l.in_doubt THEN 'in_doubt' ELSE 'running' END`;

export interface WaveProgress extends ProgressWire {
  campaignId: string;
  wave: number;
  endedAt: Date | null;
}

/** Of one campaign: planned for few rows, however many campaigns there have been. */
const isOf = (ids: string[]): Prisma.Sql => (ids.length === 1 ? Prisma.sql`l.campaign_id = ${ids[0]}` : Prisma.sql`l.campaign_id = ANY(${ids})`);

/** Returns the number of logins in each state, per campaign and wave. */
export const readWaves = (campaignIds: string[], tx: Tx = db): Promise<WaveProgress[]> =>
  tx.$queryRaw<WaveProgress[]>`
    SELECT campaign_id AS "campaignId", wave, count(*)::int AS total, count(*) FILTER (WHERE state = 'rotated')::int AS rotated,
      count(*) FILTER (WHERE state = 'failed')::int AS failed, count(*) FILTER (WHERE state = 'skipped')::int AS skipped,
      count(*) FILTER (WHERE state = 'running')::int AS running, count(*) FILTER (WHERE state = 'in_doubt')::int AS in_doubt,
      count(*) FILTER (WHERE state = 'waiting')::int AS waiting, CASE WHEN bool_and(ended_at IS NOT NULL) THEN max(ended_at) END AS "endedAt"
    FROM (SELECT l.campaign_id, l.wave, l.ended_at, ${LOGIN_STATE} AS state FROM campaign_logins l WHERE ${isOf(campaignIds)}) logins
    GROUP BY campaign_id, wave ORDER BY campaign_id, wave`;

const COUNTS = ['total', 'rotated', 'failed', 'skipped', 'running', 'in_doubt', 'waiting'] as const;

/** Of all waves together. */
export const sumOf = (waves: WaveProgress[]): ProgressWire =>
  Object.fromEntries(COUNTS.map((name) => [name, waves.reduce((sum, wave) => sum + wave[name], 0)])) as ProgressWire;
