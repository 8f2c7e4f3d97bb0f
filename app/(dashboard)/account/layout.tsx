import type { ReactNode } from 'react';
import { LinkTabs } from '#components/ui/link-tabs.tsx';

const TABS = [
  { href: '/account', label: 'Sign-in' },
  { href: '/account/notifications', label: 'Notifications' },
];

export default function AccountLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <h1>Your account</h1>
      <LinkTabs label="Your account" className="mt-3 mb-5" tabs={TABS} />
      {children}
    </>
  );
}
