import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { SetUp } from '#components/set-up/set-up.tsx';
import { Gate } from '#components/sign-in/gate.tsx';

// The link carries a token: it goes to nobody else.
export const metadata: Metadata = { title: 'Set up', referrer: 'no-referrer' };

export default async function SetUpPage({ searchParams }: PageProps<'/setup'>) {
  const { token } = await searchParams;
  return (
    <Gate title="Set up Rekey" host={(await headers()).get('host') ?? ''}>
      <SetUp token={typeof token === 'string' ? token : ''} />
    </Gate>
  );
}
