import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import type { ReactNode } from 'react';
import { Shell } from '#components/shell/shell.tsx';
import { getCurrentContext } from '#lib/auth/current-context.ts';

/** Every page behind the sign-in. Each handler of the API asks again by itself. */
export default async function DashboardLayout({ children }: { children: ReactNode }) {
  if ((await getCurrentContext()) === null) {
    const path = (await headers()).get('x-rekey-path') ?? '/';
    redirect(path === '/' ? '/signin' : `/signin?callbackUrl=${encodeURIComponent(path)}`);
  }
  return <Shell>{children}</Shell>;
}
