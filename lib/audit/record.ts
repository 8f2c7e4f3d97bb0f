import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ActorKind, AuditMethod, AuditOutcome } from '#generated/prisma/enums.ts';
import { canonicalJson } from './canonical-json.ts';

/** A row of `audit_events`, as stored and as sent on the wire. */
export interface AuditRecord {
  id: string;
  organization_id: string;
  seq: number;
  created_at: string;
  action: string;
  outcome: AuditOutcome;
  reason: string | null;
  actor_id: string | null;
  actor_kind: ActorKind;
  actor_name: string;
  actor_role: string | null;
  method: AuditMethod;
  key_id: string | null;
  signed_in_at: string | null;
  address: string | null;
  user_agent: string | null;
  request_id: string | null;
  project_id: string | null;
  project_name: string | null;
  target_type: string | null;
  target_id: string | null;
  target_name: string | null;
  metadata: Record<string, unknown>;
  previous_hmac: string;
  hmac: string;
}

/** The same as the store's driver gives it. */
export type AuditRow = Omit<AuditRecord, 'created_at' | 'signed_in_at'> & { created_at: Date; signed_in_at: Date | null };

export const recordOf = (row: AuditRow): AuditRecord => ({
  ...row,
  created_at: row.created_at.toISOString(),
  signed_in_at: row.signed_in_at?.toISOString() ?? null,
});

/** HMAC-SHA256 over the whole record but its own HMAC: its number and the HMAC before it are in it. */
export function hmacOf({ hmac: _, ...content }: Omit<AuditRecord, 'hmac'> & { hmac?: string }, key: Buffer): string {
  return createHmac('sha256', key)
    .update(canonicalJson({ ...content, version: 1 }))
    .digest('hex');
}

/** Whether a record is what was written. */
export function isGenuine(record: AuditRecord, key: Buffer): boolean {
  const [is, should] = [Buffer.from(record.hmac, 'hex'), Buffer.from(hmacOf(record, key), 'hex')];
  return is.length === should.length && timingSafeEqual(is, should);
}
