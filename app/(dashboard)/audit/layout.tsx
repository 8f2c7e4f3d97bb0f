import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { AuditPage } from '#components/audit/audit-page.tsx';
import { AUDIT_ACTIONS } from '#lib/contract/audit-actions.ts';

export const metadata: Metadata = { title: 'Audit log' };

export default function AuditLayout({ children }: { children: ReactNode }) {
  return <AuditPage actions={AUDIT_ACTIONS}>{children}</AuditPage>;
}
