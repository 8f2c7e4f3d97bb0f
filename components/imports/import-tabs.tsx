'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';

const TABS = [
  { href: '/import', label: 'CSV or JSON Lines' },
  { href: '/import/accounts', label: 'Accounts of a server' },
] as const;

/** Where logins are imported from. */
export function ImportTabs() {
  const path = usePathname();
  return (
    <nav className="tabs mt-3 mb-5" aria-label="Import from">
      {TABS.map(({ href, label }) => (
        <Link key={href} href={href} aria-current={path === href ? 'page' : undefined}>
          {label}
        </Link>
      ))}
    </nav>
  );
}
