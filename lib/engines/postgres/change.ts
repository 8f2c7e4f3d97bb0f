import { escapeIdentifier, escapeLiteral } from 'pg';
import { isScramVerifier } from '#lib/crypto/scram.ts';
import { engineError } from '#lib/engines/failure.ts';
import type { Connection } from './connect.ts';

/**
 * Begins the transaction that changes a role's password, in one round trip, and returns its id.
 * The time-outs stand in the server before anything waits: whatever becomes of us, a change that was not committed soon
 * after will never be. The lock keeps two changes of one role apart, which the catalog itself answers with an error.
 */
export async function beginChange(connection: Connection, role: string, attempt?: string): Promise<string> {
  if (connection.isStandby) throw engineError('read_only');
  const answers = await connection.run(
    [
      // A role may have default_transaction_read_only set; its password is changed all the same.
      'BEGIN READ WRITE',
      ...(connection.version >= 140_000 ? ["SET LOCAL client_connection_check_interval = '500ms'"] : []),
      "SET LOCAL lock_timeout = '3s'",
      "SET LOCAL statement_timeout = '5s'",
      "SET LOCAL idle_in_transaction_session_timeout = '10s'",
      // Otherwise a change that was acknowledged can be lost in a crash.
      'SET LOCAL synchronous_commit = on',
      // A role that acts as another by default (ALTER ROLE ... SET role) may change its own password only as itself.
      `SELECT set_config('role', 'none', true) WHERE session_user = ${escapeLiteral(role)}`,
      ...(attempt === undefined ? [] : [`SET LOCAL application_name = ${escapeLiteral(attempt)}`]),
      `SELECT pg_advisory_xact_lock(hashtextextended(${escapeLiteral(`rekey:${role}`)}, 0))`,
      'SELECT pg_current_xact_id()::text AS xid',
    ].join('; '),
  );
  return answers.at(-1)?.rows[0]?.xid;
}

/** The statement that sets a verifier. PostgreSQL takes no parameters here, and stores a malformed verifier as a plaintext password. */
export function alterPassword(role: string, verifier: string): string {
  if (!isScramVerifier(verifier)) throw engineError('verifier_malformed');
  return `ALTER ROLE ${escapeIdentifier(role)} PASSWORD ${escapeLiteral(verifier)}`;
}
