import type { Metadata } from 'next';
import { SitesPage } from '#components/sites/sites-page.tsx';
import { env } from '#lib/kernel/env.ts';

export const metadata: Metadata = { title: 'Sites' };
/** What the launcher found is known when the page is asked for, not when it is built. */
export const dynamic = 'force-dynamic';

export default function SitesRoute() {
  return <SitesPage needsMariadb={env.REKEY_DEMO_SITE === 'needs_mariadb'} />;
}
