import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { describeError, log } from '#lib/kernel/log.ts';
import { recordAudit } from './record-audit.ts';

interface EarlierChain {
  organization_id: string;
  older: number;
}

/**
 * Seals the chains that an earlier version of Rekey left, of one organization or of all: where each begins, and the
 * records before it. The record that says so seals the end as well. A chain whose secret does not open stays as it is;
 * verification names it.
 */
export async function sealEarlierChains(organizationId?: string): Promise<void> {
  const rows = await db.$queryRaw<EarlierChain[]>`
    SELECT coalesce(k.organization_id, h.organization_id) AS organization_id, coalesce(h.unchained_through, 0) AS older
    FROM audit_keys k FULL JOIN audit_heads h ON h.organization_id = k.organization_id
    WHERE (k.version = 1 OR (k.organization_id IS NULL AND h.seq > 0 AND h.hmac = '' AND h.seq = h.unchained_through))
      AND (${organizationId ?? null}::text IS NULL OR coalesce(k.organization_id, h.organization_id) = ${organizationId ?? null})`;
  for (const { organization_id: id, older } of rows) {
    try {
      await db.$transaction((tx) => recordAudit(tx, systemContext(id), { action: 'audit.chain_sealed', metadata: { older_records: older } }));
    } catch (error) {
      log.error({ organization_id: id, error: describeError(error) }, 'an audit chain was not sealed');
    }
  }
}
