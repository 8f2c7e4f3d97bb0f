import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { Gate } from '#components/sign-in/gate.tsx';
import { localPath } from '#components/sign-in/local-path.ts';
import { SignInForm } from '#components/sign-in/sign-in-form.tsx';
import { getCurrentContext } from '#lib/auth/current-context.ts';

export const metadata: Metadata = { title: 'Sign in' };

export default async function SignInPage({ searchParams }: PageProps<'/signin'>) {
  const { callbackUrl, ended } = await searchParams;
  const next = localPath(callbackUrl);
  if ((await getCurrentContext()) !== null) redirect(next);
  return (
    <Gate title="Sign in to Rekey" host={(await headers()).get('host') ?? ''}>
      <SignInForm next={next} hasEnded={ended !== undefined} />
    </Gate>
  );
}
