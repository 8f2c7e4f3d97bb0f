import type { Metadata } from 'next';
import { ConnectionsRoute } from '#components/connections/connections-route.tsx';

export const metadata: Metadata = { title: 'Connections' };

export default async function Page({ params }: { params: Promise<{ projectId: string }> }) {
  return <ConnectionsRoute projectId={(await params).projectId} />;
}
