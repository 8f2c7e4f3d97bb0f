import { z } from 'zod';
import { id, time } from './common.ts';
import { consumerTask } from './consumer.ts';
import { loginWarning } from './rotation.ts';

export const proof = z.object({
  verdict: z.enum(['accepted', 'refused', 'unknown']),
  at: time,
  duration_ms: z.number(),
  failure: z.string().optional(),
  /**
   * `login`: a login was made. `handshake`: the server showed, by the verifier that it holds, that it rejects this password,
   * so no login had to fail. `account`: read from the account on the server.
   */
  by: z.enum(['login', 'handshake', 'account']).default('login'),
});
export type ProofWire = z.infer<typeof proof>;
const endpoints = z.object({ direct: proof.optional(), pooled: proof.optional() });

/** `kind` of a timeline row. The words for each stand in components/rotation. */
export const stepKind = z.enum([
  'requested',
  'preflight',
  'staged',
  'changed',
  'direct_ok',
  'pooled_ok',
  'promoted',
  'config_written',
  'old_refused',
  'old_kept',
  'wrong_refused',
  'sessions_ended',
  'sessions_rescanned',
  'sessions_unknown',
  'completed',
  'retrying',
  'waiting',
  'undoing',
  'undone',
  'failed',
  'needs_attention',
  'recovered',
  'account_blocked',
]);
export type StepKind = z.infer<typeof stepKind>;
export const step = z.object({
  id: z.string(),
  kind: stepKind,
  attempt: z.number().int(),
  at: time,
  duration_ms: z.number().nullable(),
  detail: z.record(z.string(), z.unknown()),
});
export type StepWire = z.infer<typeof step>;

export const rotation = z.object({
  id,
  state: z.enum(['requested', 'staged', 'applying', 'verifying', 'promoted', 'completed', 'failed', 'needs_attention']),
  /** `retire` gives no new password: it ends old ones that were left valid. Both versions are the current one then. */
  kind: z.enum(['rotate', 'retire']),
  from_version: z.number().int(),
  to_version: z.number().int(),
  /** Whether the new password was made: its version is used up, also where the rotation failed. */
  is_staged: z.boolean(),
  /** When the old password ends: with the rotation, after some hours, or once a deployment stands that carries a newer one. */
  retirement: z.enum(['immediate', 'grace', 'on_deploy']),
  /** Versions that were left valid beside the new one. */
  keeps: z.array(z.number().int()),
  /** Of an old one that was left valid: when it ends; null while it waits for a deployment. */
  retire_at: time.nullable(),
  /** Whether the old one has ended, with this rotation or since. */
  is_old_retired: z.boolean(),
  reason: z.enum(['compromise', 'departure', 'routine', 'compliance']).nullable(),
  note: z.string().nullable(),
  close_sessions: z.boolean(),
  requested_by: z.string(),
  has_pooler: z.boolean(),
  proofs: z.object({ new: endpoints.optional(), old: endpoints.optional(), wrong: endpoints.optional() }),
  sessions_before: z.number().int().nullable(),
  sessions_left: z.number().int().nullable(),
  rescan_at: time.nullable(),
  error_code: z.string().nullable(),
  next_attempt_at: time.nullable(),
  created_at: time,
  changed_at: time.nullable(),
  finished_at: time.nullable(),
  steps: z.array(step),
  /** Manual consumers to notify after the job is completed. */
  tasks: z.array(consumerTask),
});
export type RotationWire = z.infer<typeof rotation>;

export const job = z.object({
  id,
  organization_id: id,
  project_id: id,
  type: z.enum([
    'project.rotate_credentials',
    'project.verify_connection',
    'integration.sync_env',
    'credential.retire',
    'environment.deploy',
    'project.delete',
  ]),
  state: z.enum(['queued', 'running', 'completed', 'failed']),
  attempts: z.number().int(),
  max_attempts: z.number().int(),
  error: z.string().nullable(),
  /** Ours: the code behind `error`. */
  error_code: z.string().nullable(),
  retry_classification: z.string().nullable(),
  requested_by: z.string(),
  created_at: time,
  claimed_at: time.nullable(),
  claimed_by: z.string().nullable(),
  started_at: time.nullable(),
  completed_at: time.nullable(),
  updated_at: time,
  /** Of a rotation only: versions in the list, the whole timeline at GET /jobs/{id}. */
  rotation: rotation.nullable(),
  /** Of a sync only: where it brings the password to, and the newest version it has tried to bring. */
  sync: z
    .object({ integration_id: id, provider: z.string(), name: z.string(), version: z.number().int().nullable(), next_attempt_at: time.nullable() })
    .nullable(),
  /** Of a deployment only: where to, and the version of the password that it carries, once it has begun. */
  deployment: z
    .object({ id, number: z.number().int(), environment_id: id, environment_name: z.string(), site_id: id, version: z.number().int().nullable() })
    .nullable(),
});
export type JobWire = z.infer<typeof job>;
export const jobAnswer = z.object({ job });
/** `warnings`: integrations that may be left with the old password. The rotation goes on. */
export const rotateAnswer = z.object({ job, warnings: z.array(loginWarning) });
/** `next_cursor`: for the older ones; null at the end, absent in answers of earlier versions. */
export const jobList = z.object({ jobs: z.array(job), next_cursor: z.string().nullable().optional() });

export const rotateBody = z.strictObject({
  grace_hours: z.number().int().min(0).max(720).optional(),
  close_sessions: z.boolean().optional(),
  reason: z.enum(['compromise', 'departure', 'routine', 'compliance']).optional(),
  note: z.string().max(500).optional(),
});
export type RotateBody = z.infer<typeof rotateBody>;
