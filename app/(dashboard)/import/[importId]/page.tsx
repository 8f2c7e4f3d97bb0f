import type { Metadata } from 'next';
import { ImportProgress } from '#components/imports/import-progress.tsx';

export const metadata: Metadata = { title: 'Import' };

export default async function ImportProgressRoute({ params }: PageProps<'/import/[importId]'>) {
  return <ImportProgress importId={(await params).importId} />;
}
