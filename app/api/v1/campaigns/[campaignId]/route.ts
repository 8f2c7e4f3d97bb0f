import { getCampaignDetails } from '#lib/campaigns/get-details.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { campaignDetails, campaignParams } from '#lib/http/wire/campaign.ts';

export const GET = defineRoute({
  access: 'campaigns.read',
  params: campaignParams,
  answer: campaignDetails,
  handle: (context, { params }) => getCampaignDetails(context, params.campaignId),
});

export * from '#lib/http/other-methods.ts';
