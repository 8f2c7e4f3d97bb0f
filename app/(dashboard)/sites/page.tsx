import type { Metadata } from 'next';
import { SitesPage } from '#components/sites/sites-page.tsx';

export const metadata: Metadata = { title: 'Sites' };

export default function SitesRoute() {
  return <SitesPage />;
}
