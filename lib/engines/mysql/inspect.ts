import {
  EngineError,
  type EngineFailure,
  type Inspection,
  type Login,
  type Obstacle,
  type Operator,
  type Rehearsal,
  type Rotator,
  type Target,
} from '#lib/engines/engine.ts';
import { engineError } from '#lib/engines/failure.ts';
import { type Connection, type LoginProgress, logIn } from './connect.ts';
import { openOperator, readAccounts, refuseLowLimits, withoutDatabase } from './operator.ts';
import { readOwn } from './read-own.ts';
import { readSettings } from './session.ts';

/** Finds out what the login and the rotator may do; see Engine. */
export async function inspect(target: Target, login: Login, rotator: Rotator | null): Promise<Inspection> {
  const progress: LoginProgress = { authenticated: false };
  let connection: Connection;
  try {
    connection = await logIn(target, 'direct', login, progress);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    // An expired password is right, and a rotator can replace it.
    if (progress.authenticated && error.code === 'password_expired' && rotator) return inspectExpired(login, rotator);
    throw error.code === 'password_refused' ? await explainRefusal(target, login, rotator, progress) : error;
  }
  try {
    const { now: _, ...settings } = await readSettings(connection);
    const own = await readOwn(connection);
    // Before anything else uses them up: the application needs them too.
    refuseLowLimits(login.user, [own]);
    const identity = await readIdentity(connection);
    // An account may have one connection alone: that is for the login that rehearses.
    await connection.close();
    const known = own.verifier === null ? [] : [own.verifier];
    const change = { role: login.user, known, password: login.password };
    const other = rotator && (await askRotator(rotator, change));
    const { obstacle } = other ?? (await rehearseBy(target, login, change));
    return {
      serverVersion: connection.serverVersion,
      identity,
      protection: connection.protection,
      ...settings,
      iterations: own.iterations,
      selfMayChange: !settings.isReadOnly && own.mayChange && (other !== null || obstacle === null),
      rotatorMayChange: other?.mayChange ?? null,
      rotatorFailure: other?.failure ?? null,
      changeFailure: obstacle?.code ?? null,
      changeSubject: obstacle?.subject ?? null,
      // A user sees and ends its own sessions without further rights.
      maySeeSessions: true,
      mayEndSessions: true,
      validUntil: null,
      hourlyLimits: own.perHour,
      verifier: own.verifier,
    };
  } finally {
    await connection.close();
  }
}

/** MySQL's `server_uuid`, MariaDB's `server_uid`, or what tells apart servers that have neither. */
async function readIdentity(connection: Connection): Promise<string | null> {
  const rows = await connection.rows<{ Variable_name: string; Value: string }>(
    "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('server_uuid', 'server_uid', 'server_id', 'hostname', 'port')",
  );
  const said = Object.fromEntries(rows.map(({ Variable_name: name, Value: value }) => [name.toLowerCase(), value]));
  const own = said.server_uuid ?? said.server_uid;
  if (own) return own;
  return said.hostname && said.server_id && said.port ? `${said.hostname}:${said.port}#${said.server_id}` : null;
}

/** What can be said of a login whose password has expired: only what its rotator sees. */
async function inspectExpired(login: Login, rotator: Rotator): Promise<Inspection> {
  const operator = await openOperator(rotator.target, rotator);
  try {
    const { now: _, iterations: __, ...settings } = await operator.inspect();
    const other = await askRotator(rotator, { role: login.user, known: [], password: login.password });
    return {
      serverVersion: operator.serverVersion,
      identity: null,
      protection: null,
      ...settings,
      iterations: other.rehearsal?.iterations ?? 0,
      selfMayChange: false,
      rotatorMayChange: other.mayChange,
      rotatorFailure: other.failure,
      changeFailure: other.obstacle?.code ?? null,
      changeSubject: other.obstacle?.subject ?? null,
      maySeeSessions: true,
      mayEndSessions: true,
      validUntil: null,
      verifier: other.rehearsal?.verifier ?? null,
    };
  } finally {
    await operator.close();
  }
}

/** Why a password was rejected, as far as the accounts tell: 1045 stands for more than a wrong password. */
async function explainRefusal(
  { direct: { tls } }: Target,
  login: Login,
  rotator: Rotator | null,
  { endedWithoutPassword }: LoginProgress,
): Promise<EngineError> {
  const accounts = rotator ? await listAccounts(rotator, login.user).catch(() => null) : null;
  if (accounts?.some(({ demandsCertificate }) => demandsCertificate)) return engineError('certificate_needed');
  if (tls.mode === 'disable' && accounts?.some(({ demandsTls }) => demandsTls)) return engineError('tls_needed');
  return engineError(endedWithoutPassword ? 'no_password' : 'password_refused');
}

async function listAccounts(rotator: Rotator, role: string) {
  const connection = await logIn(withoutDatabase(rotator.target), 'direct', rotator);
  try {
    return await readAccounts(connection, role);
  } finally {
    await connection.close();
  }
}

type Change = Parameters<NonNullable<Operator['rehearse']>>[0];

interface Rehearsed {
  rehearsal: Rehearsal | null;
  obstacle: Obstacle | null;
}

/** Goes through a change by a login. Throws EngineError where it cannot log in, or where the same may succeed later. */
async function rehearseBy(target: Target, by: Login, change: Change): Promise<Rehearsed> {
  const operator = await openOperator(target, by);
  try {
    return { rehearsal: (await operator.rehearse?.(change)) ?? null, obstacle: null };
  } catch (error) {
    if (!(error instanceof EngineError) || error.transient) throw error;
    return { rehearsal: null, obstacle: { code: error.code, subject: error.subject ?? null } };
  } finally {
    await operator.close();
  }
}

async function askRotator(rotator: Rotator, change: Change): Promise<Rehearsed & { mayChange: boolean; failure: EngineFailure | null }> {
  try {
    const rehearsed = await rehearseBy(rotator.target, rotator, change);
    return { ...rehearsed, mayChange: rehearsed.obstacle === null, failure: null };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { rehearsal: null, obstacle: null, mayChange: false, failure: error.code };
  }
}
