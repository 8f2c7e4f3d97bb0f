import { WP_CONFIG_FAILURES } from '#lib/contract/wp-config-failures.ts';
import type { EngineFailure } from '#lib/engines/engine.ts';

/** Why a rotation could not continue, beyond what an engine reports, with the fix. */
export const ROTATION_FAILURES = {
  ...WP_CONFIG_FAILURES,
  current_password_refused:
    'The server rejects the stored password: it was changed elsewhere, Rekey’s store was restored from an older backup, or the role is gone or has expired (VALID UNTIL). Enter the current URL under Settings.',
  rotator_refused: 'The server rejects the rotator login. Enter its current URL under Settings.',
  rotator_key_changed:
    'The rotator’s server presents another key than the trusted one. Nothing was sent. If that is the server, enter the rotator’s URL again under Settings: its current key is then trusted.',
  pooler_refused_current:
    'The pooler rejects the stored password: it has another one, or does not know this user or this database. Fix the pooler, or remove the pooled URL under Settings.',
  pooler_refused_new: 'The pooler rejects the new password. If it reads passwords from a file (auth_file), let it query the database instead (auth_query).',
  new_password_refused: 'The server rejects the new password although it acknowledged the change.',
  old_password_accepted: 'The old password is still accepted.',
  kept_password_refused: 'The old password was to stay valid, but the server rejects it.',
  target_unverifiable: 'This server accepts any password (trust authentication), so no rotation can be verified. Require scram-sha-256 in pg_hba.conf.',
  pooler_unverifiable:
    'The pooler accepts any password (auth_type trust or any), so no rotation can be verified through it. Set auth_type = scram-sha-256 in pgbouncer.ini, or remove the pooled URL under Settings.',
  rejection_unclear:
    'The direct address accepts the right password but gives no clear answer to a wrong one, so Rekey could not verify that the old password has ended.',
  pooler_rejection_unclear:
    'The pooler accepts the right password but gives no clear answer to a wrong one, so Rekey could not verify that the old password has ended.',
  rejection_slow:
    'The server accepts the right password at once but takes longer than 6 seconds to reject a wrong one, as the auth_delay extension makes it. Set auth_delay.milliseconds below 3000.',
  clock_missing: 'The server did not report its time, so sessions of the old password cannot be distinguished from newer ones.',
  both_refused: 'The server rejects both the old and the new password; someone else changed it. Enter the current URL under Settings.',
  canceled: 'The rotation was canceled before anything was sent. The current password stays.',
  superseded: 'Another password was entered for this login before the rotation was settled.',
  secret_unreadable: 'A stored password cannot be decrypted: its row was changed, or it was encrypted with another key. Enter the current URL under Settings.',
  key_unavailable: 'The service that holds the encryption key does not answer, so no password can be decrypted. Rekey retries automatically.',
  unforeseen: 'Internal error. The worker’s log names it.',
  deadline_passed: 'It exceeded its time limit.',
} as const;

export type RotationFailure = EngineFailure | keyof typeof ROTATION_FAILURES;
