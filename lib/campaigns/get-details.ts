import type { CampaignDetailsWire } from '#lib/contract/campaign.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { loadCampaign } from './load-campaign.ts';
import { LOGIN_STATE, readWaves } from './read-progress.ts';
import { campaignToWire } from './to-wire.ts';
import { countWaitingConsumers, listWaitingConsumers } from './waiting-consumers.ts';

const MOST_CONSUMERS = 100;

/** A campaign with its waves, its servers, and the consumers that are to be updated. Throws not_found. */
export async function getCampaignDetails(context: Context, id: string): Promise<CampaignDetailsWire> {
  const row = await loadCampaign(context, id);
  const [waves, marks, servers, count, consumers] = await Promise.all([
    readWaves([id]),
    readMarks(id),
    readServers(id),
    countWaitingConsumers([id]),
    listWaitingConsumers(id, MOST_CONSUMERS),
  ]);
  const markOf = new Map(marks.map((one) => [one.wave, one.marks]));
  return {
    campaign: campaignToWire(row, waves, count.get(id) ?? 0),
    stages: waves.map(({ campaignId: _, endedAt, ...wave }) => ({ ...wave, ended_at: endedAt?.toISOString() ?? null, marks: markOf.get(wave.wave) ?? '' })),
    servers,
    consumers: consumers.map((one) => ({
      project_id: one.projectId,
      project_name: one.projectName,
      name: one.name,
      owner: one.owner,
      is_manual: one.isManual,
      job_id: one.jobId,
    })),
  };
}

const readMarks = (id: string) =>
  db.$queryRaw<{ wave: number; marks: string }[]>`
    SELECT wave, string_agg(CASE state WHEN 'running' THEN 'p' ELSE left(replace(state, 'in_', ''), 1) END, '' ORDER BY position) AS marks
    FROM (SELECT l.wave, l.position, ${LOGIN_STATE} AS state FROM campaign_logins l WHERE l.campaign_id = ${id}) logins GROUP BY wave`;

const readServers = (id: string) =>
  db.$queryRaw<CampaignDetailsWire['servers']>`
    SELECT l.server_id, coalesce(min(d.host), '') AS host, count(*) FILTER (WHERE l.job_id IS NOT NULL)::int AS running, count(*) FILTER (WHERE l.job_id IS NULL)::int AS waiting
    FROM campaign_logins l LEFT JOIN databases d ON d.id = l.database_id WHERE l.campaign_id = ${id} AND l.ended_at IS NULL
    GROUP BY l.server_id ORDER BY running DESC, host LIMIT 50`;
