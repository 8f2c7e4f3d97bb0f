import { previewCampaign } from '#lib/campaigns/preview-campaign.ts';
import { campaignPreview, previewCampaignBody } from '#lib/contract/campaign.ts';
import { defineRoute } from '#lib/http/define-route.ts';

export const POST = defineRoute({
  access: 'campaigns.read',
  body: previewCampaignBody,
  isExact: true,
  answer: campaignPreview,
  handle: (context, { body }) => previewCampaign(context, body),
});

export * from '#lib/http/other-methods.ts';
