import { EngineError, type EngineFailure, type Inspection, type Login, type Rotator, type Target } from '#lib/engines/engine.ts';
import { type Connection, logIn } from './connect.ts';
import { dialectOf } from './dialect.ts';
import { readAccounts } from './operator.ts';
import { readOwn } from './read-own.ts';
import { readSettings } from './session.ts';

/** Finds out what the login and the rotator may do; see Engine. */
export async function inspect(target: Target, login: Login, rotator: Rotator | null): Promise<Inspection> {
  const connection = await logIn(target, 'direct', login);
  try {
    const { now: _, ...settings } = await readSettings(connection);
    const own = await readOwn(connection);
    const other = rotator && (await askRotator(rotator, login.user, settings.isReadOnly));
    return {
      serverVersion: connection.serverVersion,
      ...settings,
      iterations: own.iterations,
      selfMayChange: !settings.isReadOnly && dialectOf(connection).changeOwn !== null && own.verifiers.length === 1,
      rotatorMayChange: other?.mayChange ?? null,
      rotatorFailure: other?.failure ?? null,
      changeFailure: null,
      // A user sees and ends its own sessions without further rights.
      maySeeSessions: true,
      mayEndSessions: true,
      validUntil: null,
      verifier: own.verifiers[0] ?? null,
    };
  } finally {
    await connection.close();
  }
}

async function askRotator(rotator: Rotator, role: string, isReadOnly: boolean): Promise<{ mayChange: boolean; failure: EngineFailure | null }> {
  let connection: Connection | undefined;
  try {
    connection = await logIn(rotator.target, 'direct', rotator);
    return { mayChange: !isReadOnly && (await mayChange(connection, role)), failure: null };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { mayChange: false, failure: error.code };
  } finally {
    await connection?.close();
  }
}

/** Changes an account that is not there: the right is asked for all the same, and nothing comes of it. */
async function mayChange(connection: Connection, role: string): Promise<boolean> {
  const accounts = await readAccounts(connection, role);
  const { plugins } = dialectOf(connection);
  if (!accounts?.every(({ plugin }) => plugins.includes(plugin ?? ''))) return false;
  try {
    await connection.run("ALTER USER IF EXISTS 'rekey rehearsal'@'rekey.invalid' ACCOUNT UNLOCK");
    return true;
  } catch (error) {
    if (error instanceof EngineError && error.code === 'not_permitted') return false;
    throw error;
  }
}
