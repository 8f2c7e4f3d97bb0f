import type { Metadata } from 'next';
import { CampaignPage } from '#components/campaigns/campaign-page.tsx';

export const metadata: Metadata = { title: 'Campaign' };

export default async function CampaignRoute({ params }: PageProps<'/campaigns/[campaignId]'>) {
  return <CampaignPage campaignId={(await params).campaignId} />;
}
