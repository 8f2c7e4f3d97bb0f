import { z } from 'zod';
import { id, limit, time } from './common.ts';

/** How an act ended. `unknown`: not known yet. */
export const AUDIT_OUTCOMES = ['done', 'refused', 'failed', 'unknown'] as const;
/** As a filter also: everything that was refused, failed or is unknown. */
export const OUTCOME_FILTERS = ['needs_attention', ...AUDIT_OUTCOMES] as const;

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

const moment = z.iso.datetime({ offset: true, message: 'Use a time such as 2026-03-01T12:00:00Z.' });
const auditFilter = z.object({
  action: z.string().max(100).optional(),
  /** An id or a name. */
  actor: z.string().max(300).optional(),
  project: z.string().max(100).optional(),
  outcome: z.enum(OUTCOME_FILTERS).optional(),
  from: moment.optional(),
  /** Exclusive. */
  to: moment.optional(),
  /** A part of the action, a name, an address, a reason or a request id. */
  q: z.string().trim().max(200).optional(),
});
export type AuditFilter = z.infer<typeof auditFilter>;

export const auditQuery = auditFilter.extend({ limit, cursor: z.string().min(1).max(200).optional() });
export type AuditQuery = z.infer<typeof auditQuery>;

/** What verification finds: one record, or `seq` to `through_seq`. */
export const auditFinding = z.object({
  kind: z.enum(['edited', 'inserted', 'deleted', 'truncated', 'replaced']),
  seq: z.number().int(),
  through_seq: z.number().int().optional(),
  id: z.string().optional(),
  detail: z.string(),
});
export type AuditFinding = z.infer<typeof auditFinding>;

/** A signed statement of where the chain ended. A copy kept on another machine reveals a log that was truncated or rewritten. */
export const auditCheckpoint = z.object({
  organization_id: id,
  number: z.number().int(),
  seq: z.number().int(),
  hmac: z.string().max(200),
  is_seal: z.boolean(),
  created_at: time,
  /** Ed25519, base64. */
  signature: z.string().max(200),
  /** SPKI, base64. */
  public_key: z.string().max(200),
});
export type AuditCheckpointWire = z.infer<typeof auditCheckpoint>;

export const auditVerification = z.object({
  /** Null until the first verification. */
  checked_at: time.nullable(),
  /** Null until the first verification. */
  is_whole: z.boolean().nullable(),
  /** The last verified record, and its time. */
  through_seq: z.number().int(),
  through_at: time.nullable(),
  /** Current number of records. */
  records: z.number().int(),
  /** Records that are newer than the last verification. */
  unchecked: z.number().int(),
  /** From before there was a chain. */
  unchained: z.number().int(),
  /** The last record that a checkpoint kept elsewhere confirmed in the last look at the whole chain; 0: none was compared. */
  elsewhere_seq: z.number().int(),
  /** The result in words, with what such a look cannot see. */
  verdict: z.string(),
  since: time.nullable(),
  /** The first 100. */
  findings: z.array(auditFinding),
  checkpoint: auditCheckpoint.nullable(),
});
export type AuditVerificationWire = z.infer<typeof auditVerification>;
export const auditVerificationAnswer = z.object({ verification: auditVerification });

export const verifyAuditBody = z.strictObject({
  /** Checkpoints kept elsewhere, to be held against the log. */
  checkpoints: z.array(auditCheckpoint).max(1_000).optional(),
});
export type VerifyAuditBody = z.infer<typeof verifyAuditBody>;

export const auditEventParams = z.object({ eventId: id });

/** An audit event as stored, with its place in the chain. */
export const auditRecordAnswer = z.object({
  audit_event: auditEvent.extend({ previous_hmac: z.string(), hmac: z.string() }),
  place: z.object({
    /** Its HMAC matches, and so do the links to the records beside it; null: older than the chain. */
    is_in_place: z.boolean().nullable(),
    previous_id: z.string().nullable(),
    next_id: z.string().nullable(),
    /** Whether the last look at the whole chain covered it. */
    is_checked: z.boolean(),
  }),
  verification: auditVerification,
});
export type AuditRecordAnswer = z.infer<typeof auditRecordAnswer>;

export const exportAuditQuery = auditFilter.extend({ format: z.enum(['csv', 'jsonl']).default('jsonl') });
export type ExportAuditQuery = z.infer<typeof exportAuditQuery>;

/** Pages of the checkpoints: `after` is the `number` of the last line of the page before. */
export const checkpointQuery = z.object({ after: z.coerce.number().int().min(0).optional(), limit: z.coerce.number().int().min(1).max(1_000).optional() });
export type CheckpointQuery = z.infer<typeof checkpointQuery>;
