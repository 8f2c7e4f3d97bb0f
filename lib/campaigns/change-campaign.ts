import type { Campaign, Prisma } from '#generated/prisma/client.ts';
import type { CampaignWire } from '#lib/contract/campaign.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { wakeDeliveries } from '#lib/outbox/record-event.ts';
import { takeOver } from '#lib/queue/claim.ts';
import type { Message } from '#lib/queue/jobs.ts';
import { wake } from '#lib/queue/wake.ts';
import { getCampaign } from './list-campaigns.ts';
import { lockCampaign } from './load-campaign.ts';
import { readWaves, sumOf } from './read-progress.ts';
import { recordCampaign } from './record-campaign.ts';

type Change = (tx: Tx, campaign: Campaign) => Promise<Message<'webhook.deliver'>[] | null>;

/** Makes a change under the campaign's lock and revokes the claim of a worker, since the worker's copy is now outdated. */
async function change(context: Context, id: string, make: Change): Promise<CampaignWire> {
  const told = await db.$transaction(async (tx) => {
    await takeOver('campaign.run', id, tx);
    return make(tx, await lockCampaign(tx, context, id));
  });
  if (told) {
    await wakeDeliveries(told);
    void wake('campaign.run', { campaignId: id });
  }
  return getCampaign(context, id);
}

const conflict = ({ state }: Campaign, what: string) => new DomainError('conflict', `This campaign is ${state}, so it cannot be ${what}. Nothing was changed.`);

async function moveTo(tx: Tx, context: Context, { id }: Campaign, data: Prisma.CampaignUpdateInput, what: 'paused' | 'resumed' | 'retried' | 'aborted') {
  const moved = await tx.campaign.update({ where: { id }, data: { ...data, changedBy: context.actor.name, nextAttemptAt: storeTime() } });
  return recordCampaign(tx, context, moved, what);
}

/**
 * Requests no further rotations; those in progress end by themselves. Pausing a paused campaign changes nothing.
 * @throws {DomainError} not_found, conflict where it is not running
 */
export const pauseCampaign = (context: Context, id: string): Promise<CampaignWire> =>
  change(context, id, async (tx, campaign) => {
    if (campaign.state === 'paused') return null;
    if (campaign.state !== 'running') throw conflict(campaign, 'paused');
    return moveTo(tx, context, campaign, { state: 'paused' }, 'paused');
  });

/**
 * Continues a paused or stopped campaign. Failures so far are accepted: they do not stop it again.
 * @throws {DomainError} not_found, conflict where it has ended
 */
export const resumeCampaign = (context: Context, id: string): Promise<CampaignWire> =>
  change(context, id, async (tx, campaign) => {
    if (campaign.state === 'running') return null;
    if (campaign.state !== 'paused' && campaign.state !== 'stopped') throw conflict(campaign, 'resumed');
    const { failed, in_doubt: inDoubt } = sumOf(await readWaves([id], tx));
    return moveTo(tx, context, campaign, { state: 'running', stoppedBecause: null, acceptedFailures: failed + inDoubt }, 'resumed');
  });

/**
 * Ends a campaign: logins that have not started keep their password. Rotations in progress end by themselves.
 * @throws {DomainError} not_found, conflict where it was completed
 */
export const abortCampaign = (context: Context, id: string): Promise<CampaignWire> =>
  change(context, id, async (tx, campaign) => {
    if (campaign.state === 'aborted') return null;
    if (campaign.state === 'completed') throw conflict(campaign, 'aborted');
    return moveTo(tx, context, campaign, { state: 'aborted', stoppedBecause: null }, 'aborted');
  });

/**
 * Rotates the logins that failed once more, and continues the campaign. With nothing to retry it changes nothing.
 * @throws {DomainError} not_found, conflict where it was aborted
 */
export const retryCampaign = (context: Context, id: string): Promise<CampaignWire> =>
  change(context, id, async (tx, campaign) => {
    if (campaign.state === 'aborted') throw conflict(campaign, 'continued');
    const now = storeTime();
    const { count } = await tx.campaignLogin.updateMany({
      where: { campaignId: id, outcome: 'failed' },
      data: { outcome: null, errorCode: null, endedAt: null, jobId: null, startedAt: null, nextAttemptAt: now },
    });
    if (count === 0) return null;
    const { in_doubt: acceptedFailures } = sumOf(await readWaves([id], tx));
    return moveTo(tx, context, campaign, { state: 'running', stoppedBecause: null, finishedAt: null, acceptedFailures }, 'retried');
  });
