import { pauseCampaign } from '#lib/campaigns/change-campaign.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { campaignAnswer, campaignParams } from '#lib/http/wire/campaign.ts';

export const POST = defineRoute({
  access: 'campaigns.hold',
  params: campaignParams,
  answer: campaignAnswer,
  handle: async (context, { params }) => ({ campaign: await pauseCampaign(context, params.campaignId) }),
});

export * from '#lib/http/other-methods.ts';
