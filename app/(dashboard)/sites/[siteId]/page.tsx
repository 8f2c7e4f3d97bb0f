import type { Metadata } from 'next';
import { SitePage } from '#components/sites/site-page.tsx';

export const metadata: Metadata = { title: 'Site' };

export default async function SiteRoute({ params }: { params: Promise<{ siteId: string }> }) {
  return <SitePage siteId={decodeURIComponent((await params).siteId)} />;
}
