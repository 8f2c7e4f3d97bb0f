import type { Metadata } from 'next';
import { FleetPage } from '#components/fleet/fleet-page.tsx';

export const metadata: Metadata = { title: 'Overview' };

export default function OverviewPage() {
  return <FleetPage />;
}
