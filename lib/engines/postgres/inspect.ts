import { generatePassword } from '#lib/crypto/password.ts';
import type { Secret } from '#lib/crypto/secret.ts';
import { EngineError, type EngineFailure, type Inspection, type Login, type Rotator, type Target } from '#lib/engines/engine.ts';
import { engineError } from '#lib/engines/failure.ts';
import { alterPassword, beginChange } from './change.ts';
import { type Connection, logIn } from './connect.ts';
import { dateOf, msOf, readSettings } from './session.ts';
import { makeVerifier } from './verifier.ts';

type Trial = string | Secret;

/** Finds out what the login and the rotator may do; see Engine. */
export async function inspect(target: Target, login: Login, rotator: Rotator | null, { sendsPlaintext } = { sendsPlaintext: false }): Promise<Inspection> {
  const connection = await logIn(target, 'direct', login, 'rekey');
  try {
    if (connection.version < 130_000) throw engineError('server_too_old');
    if (await isPgpool(connection)) throw engineError('direct_is_pooler');
    const { now: _, ...settings } = await readSettings(connection);
    const facts = await readFacts(connection);
    // A random password: a rehearsal tells nobody anything of the one that is kept.
    const random = generatePassword();
    const trial = sendsPlaintext ? random : await makeVerifier(random, settings.iterations);
    const own = settings.isReadOnly ? 'read_only' : await rehearse(connection, login.user, trial);
    const other = rotator && (await askRotator(rotator, login.user, trial));
    return {
      serverVersion: connection.serverVersion,
      identity: await readIdentity(connection),
      protection: connection.protection,
      handshake: connection.handshake,
      ...settings,
      ...facts,
      selfMayChange: own === null,
      rotatorMayChange: other && other.login === null && other.change === null,
      rotatorFailure: other?.login ?? null,
      changeFailure: other ? other.change : own,
      verifier: await connection.verifier(),
    };
  } finally {
    await connection.close();
  }
}

/** The identifier that a cluster was given when it was made. Some services keep the function from everybody. */
async function readIdentity(connection: Connection): Promise<string | null> {
  try {
    const [row] = await connection.rows<{ id: string }>('SELECT system_identifier::text AS id FROM pg_catalog.pg_control_system()');
    return row?.id ?? null;
  } catch (error) {
    if (error instanceof EngineError && !error.transient) return null;
    throw error;
  }
}

/** Pgpool-II passes the server's process id on; this one question it answers itself, and a server does not know it. */
const isPgpool = (connection: Connection): Promise<boolean> =>
  connection.run('SHOW pool_version').then(
    () => true,
    () => false,
  );

async function readFacts(connection: Connection): Promise<Pick<Inspection, 'maySeeSessions' | 'mayEndSessions' | 'validUntil'>> {
  const [row] = await connection.rows<{ sees: boolean; ends: boolean; until: number | null }>(
    `SELECT (SELECT backend_start IS NOT NULL FROM pg_catalog.pg_stat_activity WHERE pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid()) AS sees,
       (SELECT pg_catalog.bool_or(pg_catalog.has_function_privilege(oid, 'EXECUTE')) FROM pg_catalog.pg_proc
        WHERE proname OPERATOR(pg_catalog.=) 'pg_terminate_backend' AND pronamespace OPERATOR(pg_catalog.=) 'pg_catalog'::pg_catalog.regnamespace) AS ends,
       (SELECT ${msOf('rolvaliduntil')} FROM pg_catalog.pg_roles
        WHERE rolname OPERATOR(pg_catalog.=) session_user AND pg_catalog.isfinite(rolvaliduntil)) AS until`,
  );
  return { maySeeSessions: row?.sees === true, mayEndSessions: row?.ends === true, validUntil: dateOf(row?.until) };
}

async function askRotator(rotator: Rotator, role: string, trial: Trial): Promise<{ login: EngineFailure | null; change: EngineFailure | null }> {
  let connection: Connection;
  try {
    connection = await logIn(rotator.target, 'direct', rotator, 'rekey');
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { login: error.code, change: null };
  }
  try {
    return { login: null, change: await rehearse(connection, role, trial) };
  } finally {
    await connection.close();
  }
}

/**
 * Makes the change and takes it back in the same message: the one proof that it can be made. A savepoint exists in a
 * transaction alone, so that whatever stands in between cannot have the change stay.
 * Returns what the server has against it; null where nothing. Throws EngineError where another try may go well.
 */
async function rehearse(connection: Connection, role: string, trial: Trial): Promise<EngineFailure | null> {
  try {
    await beginChange(connection, role);
    await connection.run(`SAVEPOINT rehearsal; ${alterPassword(connection, role, trial)}; ROLLBACK TO SAVEPOINT rehearsal`);
    return null;
  } catch (error) {
    if (!(error instanceof EngineError) || error.transient) throw error;
    return error.code;
  } finally {
    await connection.run('ROLLBACK').catch(() => {});
  }
}
