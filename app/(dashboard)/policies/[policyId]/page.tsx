import type { Metadata } from 'next';
import { PolicyPage } from '#components/policies/policy-page.tsx';

export const metadata: Metadata = { title: 'Policy' };

export default async function PolicyRoute({ params }: PageProps<'/policies/[policyId]'>) {
  return <PolicyPage policyId={(await params).policyId} />;
}
