import { listCampaignLogins } from '#lib/campaigns/list-logins.ts';
import { campaignLoginList, campaignLoginQuery, campaignParams } from '#lib/contract/campaign.ts';
import { defineRoute } from '#lib/http/define-route.ts';

export const GET = defineRoute({
  access: 'campaigns.read',
  params: campaignParams,
  query: campaignLoginQuery,
  answer: campaignLoginList,
  handle: (context, { params, query }) => listCampaignLogins(context, params.campaignId, query),
});

export * from '#lib/http/other-methods.ts';
