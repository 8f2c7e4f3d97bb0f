'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';

interface LinkTabsProps {
  label: string;
  tabs: readonly { href: string; label: string }[];
  className?: string;
}

/** Tabs that are pages. The one whose path the page is under is marked; of two, the longer path. */
export function LinkTabs({ label, tabs, className }: LinkTabsProps) {
  const path = usePathname();
  const [current] = tabs.filter(({ href }) => path === href || path.startsWith(`${href}/`)).sort((a, b) => b.href.length - a.href.length);
  return (
    <nav className={`tabs ${className ?? ''}`} aria-label={label}>
      {tabs.map((tab) => (
        <Link key={tab.href} href={tab.href} aria-current={tab === current ? 'page' : undefined}>
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}
