import { escapeIdentifier, escapeLiteral } from 'pg';
import type { Secret } from '#lib/crypto/secret.ts';
import { hasProvenItself, mayHearVerifier } from '#lib/engines/channel.ts';
import { engineError } from '#lib/engines/failure.ts';
import { type Connection, ofCatalog } from './connect.ts';
import { isVerifier } from './verifier.ts';

/**
 * Begins the transaction that changes a role's password, in one round trip. Returns its id, and whether other servers follow
 * this one.
 * The time-outs stand in the server before anything waits: whatever becomes of us, a change that was not committed soon
 * after will never be. The lock keeps two changes of one role apart, which the catalog itself answers with an error.
 * Throws server_too_old before it asks a release that has no such transaction ids, standby_missing where the commit would wait for nobody,
 * catalog_denied where this login may not read what a change needs.
 */
export async function beginChange(connection: Connection, role: string, attempt?: string): Promise<{ xid: string; hasFollowers: boolean }> {
  if (connection.version < 130_000) throw engineError('server_too_old');
  if (connection.isStandby) throw engineError('read_only');
  const begin = [
    // A role may have default_transaction_read_only set; its password is changed all the same.
    'BEGIN READ WRITE',
    ...(connection.version >= 140_000 ? ["SET LOCAL client_connection_check_interval = '500ms'"] : []),
    "SET LOCAL lock_timeout = '3s'",
    "SET LOCAL statement_timeout = '5s'",
    "SET LOCAL idle_in_transaction_session_timeout = '10s'",
    // Otherwise a change that was acknowledged can be lost in a crash.
    'SET LOCAL synchronous_commit = on',
    // Counts only where a password is sent as it is.
    "SET LOCAL password_encryption = 'scram-sha-256'",
    // A role that acts as another by default (ALTER ROLE ... SET role) may change its own password only as itself, and a
    // rotator acts as itself where it has the right of its own.
    `SELECT pg_catalog.set_config('role', 'none', true) FROM pg_catalog.pg_roles
     WHERE rolname OPERATOR(pg_catalog.=) session_user AND (rolname OPERATOR(pg_catalog.=) ${escapeLiteral(role)}::pg_catalog.name OR rolcreaterole OR rolsuper)`,
    ...(attempt === undefined ? [] : [`SET LOCAL application_name = ${escapeLiteral(attempt)}`]),
    `SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(${escapeLiteral(`rekey:${role}`)}, 0))`,
    // A commit would wait for a standby that is not there, with the role locked. Anybody sees how many senders there are.
    `SELECT pg_catalog.pg_current_xact_id()::pg_catalog.text AS xid,
       EXISTS (SELECT FROM pg_catalog.pg_stat_get_wal_senders()) AS "hasFollowers",
       pg_catalog.current_setting('synchronous_standby_names') OPERATOR(pg_catalog.<>) '' AS "isSynchronous"`,
  ];
  const answers = await connection.run(begin.join('; ')).catch(ofCatalog);
  const { xid, hasFollowers, isSynchronous } = answers.at(-1)?.rows[0] ?? {};
  if (isSynchronous && !hasFollowers) throw engineError('standby_missing');
  // Whatever did not answer with a boolean is not the server itself.
  return { xid, hasFollowers: hasFollowers !== false };
}

/**
 * The statement that sets a verifier, or a password itself, for a server that may hear it; throws server_unproven for any
 * other. PostgreSQL takes no parameters here; it takes a malformed verifier for a password, and a password of that form
 * for a verifier.
 */
export function alterPassword({ protection }: Pick<Connection, 'protection'>, role: string, verifier: string | Secret): string {
  const mayHear = typeof verifier === 'string' ? mayHearVerifier : hasProvenItself;
  if (!mayHear(protection)) throw engineError('server_unproven');
  const text = typeof verifier === 'string' ? verifier : verifier.reveal();
  if (isVerifier(text) !== (typeof verifier === 'string')) throw engineError('verifier_malformed');
  return `ALTER ROLE ${escapeIdentifier(role)} PASSWORD ${escapeLiteral(text)}`;
}
