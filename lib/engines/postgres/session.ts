import { escapeLiteral } from 'pg';
import type { Inspection, Login, RoleSession, SessionCut, SessionGroup, Target } from '#lib/engines/engine.ts';
import { allClosed, type Connection, logIn } from './connect.ts';
import { endAll } from './end-all.ts';

type Settings = Pick<Inspection, 'iterations' | 'authenticationTimeoutSeconds' | 'isReadOnly'> & { now: Date };

/** Logs in as the role itself; a role sees and may end its own sessions without further rights. */
export async function openSession(target: Target, login: Login): Promise<RoleSession> {
  return sessionOn(await logIn(target, 'direct', login, 'rekey'));
}

/** What a login can ask about the sessions of its own role. */
export function sessionOn(connection: Connection): RoleSession {
  return {
    connectionId: null,
    listSessions: (before) => listSessions(connection, before),
    endSessions: async (before) => (await endAll(connection, `usename = session_user AND ${isBefore(before)}`)).gone,
    inspect: () => readSettings(connection),
    verifier: connection.verifier,
    close: connection.close,
  };
}

const isBefore = ({ at }: SessionCut): string => `backend_start < ${escapeLiteral(at.toISOString())}::timestamptz`;

async function listSessions(connection: Connection, before?: SessionCut): Promise<SessionGroup[]> {
  // A probe of ours that is just hanging up is not a session of anybody.
  await allClosed();
  return connection.rows<SessionGroup>(
    `SELECT application_name AS application, coalesce(host(client_addr), 'local') AS address, count(*)::int AS count, min(backend_start) AS since
     FROM pg_stat_activity
     WHERE usename = session_user AND pid <> pg_backend_pid() AND backend_type IN ('client backend', 'walsender') AND ${before ? isBefore(before) : true}
     GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`,
  );
}

/** What decides how a change is made. A server before 16 has no `scram_iterations` and makes 4096. */
export async function readSettings(connection: Connection): Promise<Settings> {
  const [row] = await connection.rows<Settings>(
    `SELECT coalesce(current_setting('scram_iterations', true)::int, 4096) AS iterations,
       extract(epoch FROM current_setting('authentication_timeout')::interval)::float8 AS "authenticationTimeoutSeconds",
       pg_is_in_recovery() AS "isReadOnly", clock_timestamp() AS now`,
  );
  if (!row) throw new TypeError('no row');
  return row;
}
