import { KeyUnavailableError, SealBrokenError } from '#lib/crypto/key-encryption-key.ts';
import { ENGINE_FAILURES, type Endpoint, EngineError, type EngineFailure, type Probe } from '#lib/engines/engine.ts';
import { WP_CONFIG_FAILURES, WpConfigError } from '#lib/wp-config/failures.ts';

/** Why a rotation did not go on, beyond what an engine can say; with the mend. */
export const ROTATION_FAILURES = {
  ...WP_CONFIG_FAILURES,
  current_password_refused:
    'The server refuses the password that Rekey keeps: it was changed elsewhere, Rekey’s store was restored from an older backup, or the role is gone or has expired (VALID UNTIL). Give Rekey the present URL under Settings.',
  rotator_refused: 'The server refuses the rotator login. Give Rekey its present URL under Settings.',
  pooler_refused_current: 'The pooler refuses the password that Rekey keeps. Mend the pooler, or take the pooled URL away under Settings.',
  pooler_refused_new: 'The pooler refuses the new password. If it reads passwords from a file (auth_file), let it ask the database instead (auth_query).',
  new_password_refused: 'The server refuses the new password although it took the change.',
  old_password_accepted: 'The old password is still accepted.',
  kept_password_refused: 'The old password was to stay valid, and the server refuses it.',
  target_unverifiable: 'This server accepts any password (trust authentication), so no rotation can be proven. Ask for scram-sha-256 in pg_hba.conf.',
  pooler_unverifiable:
    'The pooler accepts any password (auth_type trust or any), so no rotation can be verified through it. Set auth_type = scram-sha-256 in pgbouncer.ini, or remove the pooled URL under Settings.',
  rejection_unclear:
    'The direct address accepts the right password but gives no clear answer to a wrong one, so Rekey could not tell when the old password has ended.',
  pooler_rejection_unclear:
    'The pooler accepts the right password but gives no clear answer to a wrong one, so Rekey could not tell when the old password has ended.',
  rejection_slow:
    'The server accepts the right password at once but takes longer than 6 seconds to reject a wrong one, as the auth_delay extension makes it. Set auth_delay.milliseconds below 3000.',
  clock_missing: 'The server did not say what time it is, so sessions of the old password cannot be told from newer ones.',
  both_refused: 'The server refuses both the old and the new password; somebody else changed it. Give Rekey the present URL under Settings.',
  superseded: 'Somebody gave Rekey another password for this login before it was settled.',
  secret_unreadable:
    'A password that Rekey keeps does not open: its row was changed, or it was sealed with another key. Give Rekey the present URL under Settings.',
  key_unavailable: 'The encryption key lies in a service that does not answer, so no password can be opened. Rekey tries again by itself.',
  unforeseen: 'Rekey met a fault of its own; the log of the worker names it.',
  deadline_passed: 'It took longer than it may.',
} as const;

export type RotationFailure = EngineFailure | keyof typeof ROTATION_FAILURES;

/** A step that cannot go on. `transient`: the same may succeed later without anybody mending anything. */
export class StepFailure extends Error {
  readonly code: RotationFailure;
  readonly transient: boolean;

  constructor(code: RotationFailure, transient: boolean) {
    super(code);
    this.name = 'StepFailure';
    this.code = code;
    this.transient = transient;
  }
}

const TEXTS: Record<RotationFailure, string> = { ...ENGINE_FAILURES, ...ROTATION_FAILURES };

/** What a person reads for a code. */
export const failureText = (code: RotationFailure): string => TEXTS[code];

/** The failure in an error of a step; null for anything unforeseen. */
export function asStepFailure(error: unknown): StepFailure | null {
  if (error instanceof StepFailure) return error;
  if (error instanceof EngineError) return new StepFailure(error.code, error.transient);
  // A person may put the file right at any moment.
  if (error instanceof WpConfigError) return new StepFailure(error.code, error.code === 'wp_config_changed');
  if (error instanceof SealBrokenError) return new StepFailure('secret_unreadable', false);
  if (error instanceof KeyUnavailableError) return new StepFailure('key_unavailable', true);
  return null;
}

/**
 * Throws where a wrong password is not definitely rejected, by the endpoint: a rotation could not be verified there. The right password has
 * just been accepted there, so what keeps the server from an answer is no fault of the network, unless it says so.
 */
export function requireRejection(endpoint: Endpoint, probe: Probe): void {
  if (probe.verdict === 'refused') return;
  const isPooled = endpoint === 'pooled';
  if (probe.verdict === 'accepted') throw new StepFailure(isPooled ? 'pooler_unverifiable' : 'target_unverifiable', false);
  if (probe.failure === 'timed_out') throw new StepFailure(isPooled ? 'timed_out' : 'rejection_slow', true);
  if (probe.failure === 'unexpected' || probe.failure === 'pooler_failed')
    throw new StepFailure(isPooled ? 'pooler_rejection_unclear' : 'rejection_unclear', false);
  throw new StepFailure(probe.failure, true);
}

/** Throws `otherwise` where a login got another answer; without any, what kept it from one, which may pass. */
export function requireVerdict(probe: Probe, wanted: 'accepted' | 'refused', otherwise: RotationFailure, transient = false): void {
  if (probe.verdict === 'unknown') throw new StepFailure(probe.failure, true);
  if (probe.verdict !== wanted) throw new StepFailure(otherwise, transient);
}
