import type { Metadata } from 'next';
import { ImportPage } from '#components/imports/import-page.tsx';

export const metadata: Metadata = { title: 'Import' };

export default function ImportRoute() {
  return <ImportPage />;
}
