import { db, type Tx } from '#lib/kernel/db.ts';
import { type AuditRecord, type AuditRow, recordOf } from './record.ts';

const PAGE = 2_000;

/** An organization's records by number, from after one to another, a page at a time: the log may be far larger than memory. */
export async function* readChain(organizationId: string, after: number, through: number, tx: Tx = db): AsyncGenerator<AuditRecord[]> {
  let last = after;
  while (last < through) {
    const rows = await tx.$queryRaw<AuditRow[]>`
      SELECT * FROM audit_events WHERE organization_id = ${organizationId} AND seq > ${last}::int AND seq <= ${through}::int ORDER BY seq LIMIT ${PAGE}`;
    if (rows.length === 0) return;
    last = rows.at(-1)?.seq ?? through;
    yield rows.map(recordOf);
  }
}
