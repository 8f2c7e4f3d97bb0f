import type { Campaign, Prisma } from '#generated/prisma/client.ts';
import type { CampaignListWire, CampaignQuery, CampaignWire } from '#lib/contract/campaign.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { cutPage, pageOf } from '#lib/paging/list-page.ts';
import { loadCampaign } from './load-campaign.ts';
import { readWaves } from './read-progress.ts';
import { campaignToWire } from './to-wire.ts';
import { countWaitingConsumers } from './waiting-consumers.ts';

const DEFAULT_SIZE = 50;
const STATES = { active: ['running', 'paused', 'stopped'], ended: ['completed', 'aborted'] } as const satisfies Record<string, readonly Campaign['state'][]>;

async function toWire(rows: Campaign[]): Promise<CampaignWire[]> {
  const ids = rows.map(({ id }) => id);
  const [waves, consumers] = await Promise.all([readWaves(ids), countWaitingConsumers(ids)]);
  return rows.map((row) =>
    campaignToWire(
      row,
      waves.filter(({ campaignId }) => campaignId === row.id),
      consumers.get(row.id) ?? 0,
    ),
  );
}

/** Campaigns of the organization, newest first, page by page. */
export async function listCampaigns({ organizationId }: Context, { state, limit = DEFAULT_SIZE, cursor }: CampaignQuery): Promise<CampaignListWire> {
  const query = { limit, cursor };
  const { where, ...page } = pageOf(query, 'desc', 'id');
  const ofState: Prisma.CampaignWhereInput = state ? { state: { in: [...STATES[state]] } } : {};
  const { rows, next } = cutPage(await db.campaign.findMany({ where: { organizationId, ...ofState, ...where }, ...page }), query, ({ id }) => id);
  return { campaigns: await toWire(rows), ...next };
}

/** One campaign. Throws not_found. */
export async function getCampaign(context: Context, id: string): Promise<CampaignWire> {
  const [campaign] = await toWire([await loadCampaign(context, id)]);
  return campaign as CampaignWire;
}
