import { getCampaignDetails } from '#lib/campaigns/get-details.ts';
import { campaignDetails, campaignParams } from '#lib/contract/campaign.ts';
import { defineRoute } from '#lib/http/define-route.ts';

export const GET = defineRoute({
  access: 'campaigns.read',
  params: campaignParams,
  answer: campaignDetails,
  handle: (context, { params }) => getCampaignDetails(context, params.campaignId),
});

export * from '#lib/http/other-methods.ts';
