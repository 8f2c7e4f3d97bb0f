import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import type { ReactNode } from 'react';
import { Shell } from '#components/shell/shell.tsx';
import { getCurrentContext, hadSession } from '#lib/auth/current-context.ts';
import { describeMe } from '#lib/organizations/organizations.ts';

/** Every page behind the sign-in. Each handler of the API asks again by itself. */
export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const context = await getCurrentContext();
  if (context === null) {
    const path = (await headers()).get('x-rekey-path') ?? '/';
    const query = new URLSearchParams({ ...((await hadSession()) && { ended: '1' }), ...(path !== '/' && { callbackUrl: path }) });
    redirect(query.size === 0 ? '/signin' : `/signin?${query}`);
  }
  return <Shell me={await describeMe(context)}>{children}</Shell>;
}
