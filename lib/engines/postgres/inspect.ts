import { makeScramVerifier } from '#lib/crypto/scram.ts';
import { EngineError, type EngineFailure, type Inspection, type Login, type Target } from '#lib/engines/engine.ts';
import { alterPassword, beginChange } from './change.ts';
import { type Connection, logIn } from './connect.ts';
import { readSettings } from './session.ts';

/** Finds out what the login and the rotator may do; see Engine. */
export async function inspect(target: Target, login: Login, rotator: Login | null): Promise<Inspection> {
  const connection = await logIn(target, 'direct', login, 'rekey');
  try {
    const { now: _, ...settings } = await readSettings(connection);
    const facts = await readFacts(connection);
    const trial = await makeScramVerifier(login.password, settings.iterations);
    const selfMayChange = await mayChange(connection, login.user, trial, settings.isReadOnly);
    const other = rotator && (await askRotator(target, rotator, login.user, trial, settings.isReadOnly));
    return {
      serverVersion: connection.serverVersion,
      ...settings,
      ...facts,
      selfMayChange,
      rotatorMayChange: other?.mayChange ?? null,
      rotatorFailure: other?.failure ?? null,
      verifier: await connection.verifier(),
    };
  } finally {
    await connection.close();
  }
}

async function readFacts(connection: Connection): Promise<Pick<Inspection, 'maySeeSessions' | 'mayEndSessions' | 'validUntil'>> {
  const [row] = await connection.rows<{ sees: boolean; ends: boolean; until: Date | null }>(
    `SELECT (SELECT backend_start IS NOT NULL FROM pg_stat_activity WHERE pid = pg_backend_pid()) AS sees,
       (SELECT bool_or(has_function_privilege(oid, 'EXECUTE')) FROM pg_proc WHERE proname = 'pg_terminate_backend' AND pronamespace = 'pg_catalog'::regnamespace) AS ends,
       (SELECT rolvaliduntil FROM pg_roles WHERE rolname = session_user AND isfinite(rolvaliduntil)) AS until`,
  );
  return { maySeeSessions: row?.sees === true, mayEndSessions: row?.ends === true, validUntil: row?.until ?? null };
}

async function askRotator(
  target: Target,
  rotator: Login,
  role: string,
  trial: string,
  isReadOnly: boolean,
): Promise<{ mayChange: boolean; failure: EngineFailure | null }> {
  let connection: Connection | undefined;
  try {
    connection = await logIn(target, 'direct', rotator, 'rekey');
    return { mayChange: await mayChange(connection, role, trial, isReadOnly), failure: null };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { mayChange: false, failure: error.code };
  } finally {
    await connection?.close();
  }
}

const mayChange = async (connection: Connection, role: string, trial: string, isReadOnly: boolean): Promise<boolean> =>
  !isReadOnly && (await rehearse(connection, role, trial));

/** Makes the change and takes it back: the one proof of the right to make it. The verifier is one of the current password. */
async function rehearse(connection: Connection, role: string, trial: string): Promise<boolean> {
  try {
    await beginChange(connection, role);
    await connection.run(alterPassword(role, trial));
    return true;
  } catch (error) {
    if (error instanceof EngineError && error.code === 'not_permitted') return false;
    throw error;
  } finally {
    await connection.run('ROLLBACK').catch(() => {});
  }
}
