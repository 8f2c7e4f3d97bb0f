import type { Metadata } from 'next';
import { SettingsRoute } from '#components/settings/settings-route.tsx';

export const metadata: Metadata = { title: 'Settings' };

export default async function Page({ params }: { params: Promise<{ projectId: string }> }) {
  return <SettingsRoute projectId={(await params).projectId} />;
}
