import { listCampaigns } from '#lib/campaigns/list-campaigns.ts';
import { startCampaign } from '#lib/campaigns/start-campaign.ts';
import { campaignAnswer, campaignList, campaignQuery, startCampaignBody } from '#lib/contract/campaign.ts';
import { defineRoute } from '#lib/http/define-route.ts';

export const GET = defineRoute({
  access: 'campaigns.read',
  query: campaignQuery,
  answer: campaignList,
  handle: (context, { query }) => listCampaigns(context, query),
});

export const POST = defineRoute({
  access: 'campaigns.run',
  body: startCampaignBody,
  isExact: true,
  answer: campaignAnswer,
  status: 201,
  handle: async (context, { body }) => ({ campaign: await startCampaign(context, body) }),
});

export * from '#lib/http/other-methods.ts';
