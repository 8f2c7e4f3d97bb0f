import type { Prisma } from '#generated/prisma/client.ts';
import type { CampaignWire, StartCampaignBody } from '#lib/contract/campaign.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError, invalidField } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { wakeDeliveries } from '#lib/outbox/record-event.ts';
import { wake } from '#lib/queue/wake.ts';
import { getCampaign } from './list-campaigns.ts';
import { acrossServers, waveOfEach, waveSizes } from './plan-waves.ts';
import { recordCampaign } from './record-campaign.ts';
import { type SelectedLogin, selectLogins } from './select-logins.ts';

/**
 * Starts a campaign over the logins that a selection matches now; what matches later is not added. A worker requests
 * the rotations.
 * @throws {DomainError} validation_failed naming the field, conflict where the selection is not the one that was confirmed
 */
export async function startCampaign(context: Context, body: StartCampaignBody): Promise<CampaignWire> {
  const { organizationId, actor } = context;
  const { project_ids, filter, expected_logins: expected } = body;
  const { logins } = await selectLogins(context, { project_ids, filter });
  const field = filter ? 'filter' : 'project_ids';
  if (logins.length === 0)
    throw invalidField(field, 'None of these projects has a login that can be rotated now. Check their connections first; nothing was started.');
  if (expected !== undefined && expected !== logins.length)
    throw new DomainError('conflict', `The selection now has ${logins.length} logins instead of ${expected}. Nothing was started: review it and start again.`);
  const id = newId('cmp');
  const told = await db.$transaction(async (tx) => {
    const campaign = await tx.campaign.create({
      data: {
        id,
        organizationId,
        name: body.name,
        reason: body.reason ?? null,
        note: body.note ?? null,
        closeSessions: body.close_sessions,
        selection: (filter ? { filter } : { project_ids }) as Prisma.InputJsonObject,
        canary: body.canary,
        waves: body.waves,
        atOnce: body.at_once,
        atOncePerServer: body.at_once_per_server,
        stopFailures: body.stop_failures,
        stopShare: body.stop_share,
        startedBy: actor.name,
      },
    });
    await tx.campaignLogin.createMany({ data: rowsOf(acrossServers(logins), body).map((row) => ({ ...row, organizationId, campaignId: id })) });
    return recordCampaign(tx, context, campaign, 'started');
  });
  await wakeDeliveries(told);
  void wake('campaign.run', { campaignId: id });
  return getCampaign(context, id);
}

function rowsOf(logins: SelectedLogin[], order: { canary: number; waves: number[] }) {
  const waves = waveOfEach(waveSizes(logins.length, order));
  return logins.map(({ databaseId, serverId, roleName, projectId, projectName }, position) => ({
    databaseId,
    serverId,
    roleName,
    projectId,
    projectName,
    position,
    wave: waves[position] ?? 0,
  }));
}
