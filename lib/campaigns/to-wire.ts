import type { Campaign } from '#generated/prisma/client.ts';
import type { CampaignWire } from '#lib/contract/campaign.ts';
import { sumOf, type WaveProgress } from './read-progress.ts';

/** A campaign as the API shows it. */
export const campaignToWire = (row: Campaign, waves: WaveProgress[], consumersWaiting: number): CampaignWire => ({
  id: row.id,
  organization_id: row.organizationId,
  name: row.name,
  state: row.state,
  stopped_because: row.stoppedBecause as CampaignWire['stopped_because'],
  reason: row.reason,
  note: row.note,
  close_sessions: row.closeSessions,
  canary: row.canary,
  waves: row.waves,
  at_once: row.atOnce,
  at_once_per_server: row.atOncePerServer,
  stop_failures: row.stopFailures,
  stop_share: row.stopShare,
  wave: row.wave,
  last_wave: waves.at(-1)?.wave ?? 0,
  progress: sumOf(waves),
  consumers_waiting: consumersWaiting,
  started_by: row.startedBy,
  changed_by: row.changedBy,
  created_at: row.createdAt.toISOString(),
  updated_at: row.updatedAt.toISOString(),
  finished_at: row.finishedAt?.toISOString() ?? null,
});
