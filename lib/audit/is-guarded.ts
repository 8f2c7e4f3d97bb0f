import { db } from '#lib/kernel/db.ts';

/** Whether this login cannot change, delete or truncate audit records, and cannot grant itself the right to. */
export async function isAuditGuarded(): Promise<boolean> {
  const [row] = await db.$queryRaw<{ guarded: boolean }[]>`
    SELECT NOT has_table_privilege('public.audit_events', 'UPDATE, DELETE, TRUNCATE, TRIGGER')
      AND NOT pg_has_role(c.relowner, 'MEMBER') AS guarded
    FROM pg_class c WHERE c.oid = 'public.audit_events'::regclass`;
  return row?.guarded === true;
}
