import { AuditRecord } from '#components/audit/audit-record.tsx';

export default async function AuditRecordPage({ params }: PageProps<'/audit/[eventId]'>) {
  return <AuditRecord eventId={(await params).eventId} />;
}
