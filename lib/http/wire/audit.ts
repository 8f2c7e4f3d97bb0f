import { z } from 'zod';
import { id, limit, time } from './common.ts';

/** How an act ended. `unknown`: nobody can say yet. */
export const AUDIT_OUTCOMES = ['done', 'refused', 'failed', 'unknown'] as const;

export const auditEvent = z.object({
  id,
  organization_id: id,
  /** 1, 2, 3 … within the organization. */
  seq: z.number().int(),
  project_id: z.string().nullable(),
  project_name: z.string().nullable(),
  action: z.string(),
  outcome: z.enum(AUDIT_OUTCOMES),
  reason: z.string().nullable(),
  actor_id: z.string().nullable(),
  actor_kind: z.enum(['user', 'api_key', 'system']),
  actor_name: z.string(),
  actor_role: z.string().nullable(),
  method: z.enum(['session', 'api_key', 'system']),
  key_id: z.string().nullable(),
  signed_in_at: time.nullable(),
  address: z.string().nullable(),
  user_agent: z.string().nullable(),
  request_id: z.string().nullable(),
  target_type: z.string().nullable(),
  target_id: z.string().nullable(),
  target_name: z.string().nullable(),
  created_at: time,
  metadata: z.record(z.string(), z.unknown()),
});
export type AuditEventWire = z.infer<typeof auditEvent>;
export const auditEventList = z.object({ audit_events: z.array(auditEvent), next_cursor: z.string().optional() });
export type AuditEventListWire = z.infer<typeof auditEventList>;

const moment = z.iso.datetime({ offset: true, message: 'Give a time such as 2026-03-01T12:00:00Z.' });
const auditFilter = z.object({
  action: z.string().max(100).optional(),
  /** An id or a name. */
  actor: z.string().max(300).optional(),
  project: z.string().max(100).optional(),
  outcome: z.enum(AUDIT_OUTCOMES).optional(),
  from: moment.optional(),
  /** Exclusive. */
  to: moment.optional(),
  /** A part of the action, a name, an address, a reason or a request id. */
  q: z.string().trim().max(200).optional(),
});
export type AuditFilter = z.infer<typeof auditFilter>;

export const auditQuery = auditFilter.extend({ limit, cursor: z.string().min(1).max(200).optional() });
export type AuditQuery = z.infer<typeof auditQuery>;
