import type { Metadata } from 'next';
import { CampaignsPage } from '#components/campaigns/campaigns-page.tsx';

export const metadata: Metadata = { title: 'Campaigns' };

export default function CampaignsRoute() {
  return <CampaignsPage />;
}
