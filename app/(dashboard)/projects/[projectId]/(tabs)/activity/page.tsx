import type { Metadata } from 'next';
import { ActivityPage } from '#components/activity/activity-page.tsx';

export const metadata: Metadata = { title: 'Activity' };

export default async function Page({ params }: { params: Promise<{ projectId: string }> }) {
  return <ActivityPage projectId={(await params).projectId} />;
}
