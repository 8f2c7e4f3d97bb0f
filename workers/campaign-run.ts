import { runCampaign } from '#lib/campaigns/run-campaign.ts';
import { describeError, log } from '#lib/kernel/log.ts';
import type { Message } from '#lib/queue/jobs.ts';
import type { Dispatch } from './handlers.ts';

/** `campaign.run`: settles rotations of a campaign and requests the next ones. */
export function runCampaignJob({ campaignId }: Message<'campaign.run'>, { lanes, workerId }: Dispatch): void {
  lanes.run('campaigns', campaignId, () =>
    runCampaign(campaignId, workerId).catch((error: unknown) => log.error({ campaign: campaignId, error: describeError(error) }, 'campaign failed')),
  );
}
