import type { Metadata } from 'next';
import { AdoptForm } from '#components/projects/adopt-form.tsx';

export const metadata: Metadata = { title: 'Add a database' };

export default function AdoptPage() {
  return <AdoptForm />;
}
