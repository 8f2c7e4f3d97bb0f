import type { ReactNode } from 'react';
import { OrganizationHeader } from '#components/organization/organization-header.tsx';

export default function SettingsLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <OrganizationHeader />
      {children}
    </>
  );
}
