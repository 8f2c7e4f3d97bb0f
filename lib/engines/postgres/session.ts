import { escapeLiteral } from 'pg';
import {
  type Inspection,
  type Login,
  OWN_APPLICATION,
  type RoleSession,
  type SessionCut,
  type SessionGroup,
  type SessionHolder,
  type Target,
} from '#lib/engines/engine.ts';
import { engineError } from '#lib/engines/failure.ts';
import { allClosed, type Connection, logIn } from './connect.ts';
import { endAll } from './end-all.ts';

type Settings = Pick<Inspection, 'iterations' | 'authenticationTimeoutSeconds' | 'isReadOnly'> & { now: Date | null };

/** Logs in as the role itself; a role sees and may end its own sessions without further rights. */
export async function openSession(target: Target, login: Login): Promise<RoleSession> {
  return sessionOn(await logIn(target, 'direct', login, OWN_APPLICATION));
}

/** What a login can ask about the sessions of its own role. */
export function sessionOn(connection: Connection): RoleSession {
  return {
    protection: connection.protection,
    handshake: connection.handshake,
    connectionId: null,
    listSessions: (before) => listSessions(connection, before),
    endSessions: async (before, holder) => {
      // One of ours that is just hanging up is not to be counted.
      await allClosed();
      return (await endAll(connection, `usename OPERATOR(pg_catalog.=) session_user AND ${isBefore(before)} AND ${holder ? isOf(holder) : true}`)).gone;
    },
    inspect: () => readSettings(connection),
    verifier: connection.verifier,
    close: connection.close,
  };
}

/** Milliseconds of a moment on the server: a number has one form, whatever DateStyle and TimeZone are. */
export const msOf = (moment: string): string => `(extract(epoch FROM ${moment}) OPERATOR(pg_catalog.*) 1000)::pg_catalog.float8`;

/** A moment from what `msOf` gave; null where the server gave no number. */
export const dateOf = (ms: unknown): Date | null => (typeof ms === 'number' && Number.isFinite(ms) ? new Date(ms) : null);

const isBefore = ({ at }: SessionCut): string => `backend_start OPERATOR(pg_catalog.<) pg_catalog.to_timestamp(${at.getTime()} OPERATOR(pg_catalog./) 1000.0)`;

/** Where a session comes from. */
const ADDRESS = "coalesce(pg_catalog.host(client_addr), 'local')";

const isOf = ({ application, address }: SessionHolder): string =>
  `application_name OPERATOR(pg_catalog.=) ${escapeLiteral(application)} AND ${ADDRESS} OPERATOR(pg_catalog.=) ${escapeLiteral(address)}`;

async function listSessions(connection: Connection, before?: SessionCut): Promise<SessionGroup[]> {
  // A probe of ours that is just hanging up is not a session of anybody.
  await allClosed();
  const groups = await connection.rows<Omit<SessionGroup, 'since'> & { since: number | null }>(
    `SELECT application_name AS application, ${ADDRESS} AS address, pg_catalog.count(*)::pg_catalog.int4 AS count,
       ${msOf('pg_catalog.min(backend_start)')} AS since
     FROM pg_catalog.pg_stat_activity
     WHERE usename OPERATOR(pg_catalog.=) session_user AND pid OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid()
       AND backend_type OPERATOR(pg_catalog.=) ANY ('{client backend,walsender}'::pg_catalog.text[]) AND ${before ? isBefore(before) : true}
     GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`,
  );
  return groups.map(({ since, ...group }) => ({ ...group, since: dateOf(since) }));
}

/**
 * What decides how a change is made. A server before 16 has no `scram_iterations` and makes 4096.
 * @throws {EngineError} direct_is_pooler where something stands between Rekey and the server
 */
export async function readSettings(connection: Connection): Promise<Settings> {
  const [row] = await connection.rows<Omit<Settings, 'now'> & { now: number; pid: number }>(
    `SELECT coalesce(pg_catalog.current_setting('scram_iterations', true)::pg_catalog.int4, 4096) AS iterations,
       extract(epoch FROM pg_catalog.current_setting('authentication_timeout')::pg_catalog.interval)::pg_catalog.float8 AS "authenticationTimeoutSeconds",
       pg_catalog.pg_is_in_recovery() AS "isReadOnly", ${msOf('pg_catalog.clock_timestamp()')} AS now, pg_catalog.pg_backend_pid() AS pid`,
  );
  if (!row) throw new TypeError('no row');
  const { now, pid, ...settings } = row;
  // A server names its own process at the login; a pooler or proxy names another, or none.
  if (pid !== connection.backendPid) throw engineError('direct_is_pooler');
  return { ...settings, now: dateOf(now) };
}
