import type { Metadata } from 'next';
import { AccountsPage } from '#components/imports/accounts-page.tsx';

export const metadata: Metadata = { title: 'Import accounts' };

export default function AccountsRoute() {
  return <AccountsPage />;
}
