import type { Metadata } from 'next';
import { NewPolicyPage } from '#components/policies/new-policy-page.tsx';

export const metadata: Metadata = { title: 'New policy' };

export default async function NewPolicyRoute({ searchParams }: PageProps<'/policies/new'>) {
  const { template } = await searchParams;
  return <NewPolicyPage template={typeof template === 'string' ? template : undefined} />;
}
