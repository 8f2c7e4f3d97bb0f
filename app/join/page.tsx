import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { Join } from '#components/join/join.tsx';
import { Gate } from '#components/sign-in/gate.tsx';

// The link carries a token: it goes to nobody else.
export const metadata: Metadata = { title: 'Join', referrer: 'no-referrer' };

export default async function JoinPage({ searchParams }: PageProps<'/join'>) {
  const { token } = await searchParams;
  return (
    <Gate title="Join Rekey" host={(await headers()).get('host') ?? ''}>
      <Join token={typeof token === 'string' ? token : ''} />
    </Gate>
  );
}
