import type { Inspection, Login, RoleSession, SessionCut, SessionGroup, SessionHolder, Target } from '#lib/engines/engine.ts';
import { type Connection, logIn } from './connect.ts';
import { endAll } from './end-all.ts';
import { isOurs } from './own-connections.ts';
import { quote } from './quote.ts';
import { type OwnAccount, readOwn } from './read-own.ts';

interface Process {
  id: number;
  host: string;
}

/** Logs in as the role itself, which sees and may end its own sessions without further rights. */
export async function openSession(target: Target, login: Login): Promise<RoleSession> {
  return sessionOn(await logIn(target, 'direct', login));
}

/** What a login can ask about the sessions of its own role. */
export function sessionOn(connection: Connection): RoleSession {
  let own: Promise<OwnAccount> | undefined;
  const readOwnOnce = () => {
    own ??= readOwn(connection);
    return own;
  };
  return {
    protection: connection.protection,
    connectionId: connection.id,
    listSessions: async (before) => groupByAddress(await listProcesses(connection, before)),
    endSessions: async (before, holder) => {
      const processes = await listProcesses(connection, before);
      return endAll(
        connection,
        processes.filter((process) => !holder || isOf(process, holder)).map(({ id }) => id),
      );
    },
    inspect: async () => {
      const [{ iterations }, settings] = await Promise.all([readOwnOnce(), readSettings(connection)]);
      return { iterations, ...settings };
    },
    verifier: async () => (await readOwnOnce()).verifier,
    verifiers: async () => (await readOwn(connection)).verifiers,
    close: connection.close,
  };
}

/** No server tells when a session began, but the ids of connections only grow, until it is started anew. */
async function listProcesses(connection: Connection, before?: SessionCut): Promise<Process[]> {
  const list = `SELECT ID AS id, HOST AS host FROM information_schema.PROCESSLIST WHERE BINARY USER = ${quote(connection.user)} AND ID <> ${connection.id} ORDER BY ID`;
  const [all, uptime, clock] = (await connection.run(list, "SHOW GLOBAL STATUS LIKE 'Uptime'", CLOCK)) as [Process[], { Value: string }[], { now: string }[]];
  const theirs = all.filter(({ id }) => !isOurs(connection.server, id));
  if (!before) return theirs;
  const startedAt = Number(clock[0]?.now) * 1000 - Number(uptime[0]?.Value) * 1000;
  // The uptime counts whole seconds.
  if (startedAt > before.at.getTime() + 1_000) return [];
  const first = before.connectionId ?? connection.id;
  return theirs.filter(({ id }) => id < first);
}

/** Not NOW(): a session may set its own time. */
export const CLOCK = 'SELECT UNIX_TIMESTAMP(SYSDATE(6)) AS now';

/** Where a connection comes from, without its port. */
const addressOf = ({ host }: Process): string => /^(.*):\d+$/.exec(host)?.[1] ?? 'local';

/** No server tells the name of the application. */
const isOf = (process: Process, { application, address }: SessionHolder): boolean => application === '' && addressOf(process) === address;

function groupByAddress(processes: Process[]): SessionGroup[] {
  const counts = new Map<string, number>();
  for (const process of processes) {
    const address = addressOf(process);
    counts.set(address, (counts.get(address) ?? 0) + 1);
  }
  return [...counts].map(([address, count]) => ({ application: '', address, count, since: null })).sort((a, b) => b.count - a.count);
}

type Settings = Pick<Inspection, 'authenticationTimeoutSeconds' | 'isReadOnly'> & { now: Date; failedLoginLimit: number | null };

/** What MariaDB's `max_password_errors` is where it blocks nobody: the largest value, which is the default. */
const NO_LIMIT = 4_294_967_295;

/** Whether a value of `read_only` lets nobody write; a number up to MariaDB 11, a word from 12 on (OFF, ON, NO_LOCK, NO_LOCK_NO_ADMIN). */
export const isReadOnlyValue = (value: unknown): boolean => !['0', 'OFF'].includes(String(value).toUpperCase());

/** A server that follows another one is not to be written to, whether it would take it or not. */
export async function readSettings(connection: Connection): Promise<Settings> {
  const settings = 'SELECT @@global.read_only AS readOnly, @@global.connect_timeout AS loginTimeout';
  const [[row], [clock], [replication], [limit]] = (await connection.run(
    settings,
    CLOCK,
    "SHOW GLOBAL STATUS LIKE 'Slaves_running'",
    "SHOW GLOBAL VARIABLES LIKE 'max_password_errors'",
  )) as [{ readOnly: unknown; loginTimeout: number }[], { now: string }[], { Value: string }[], { Value: string }[]];
  const failedLogins = Number(limit?.Value ?? NO_LIMIT);
  return {
    authenticationTimeoutSeconds: row?.loginTimeout ?? 0,
    isReadOnly: isReadOnlyValue(row?.readOnly ?? 0) || Number(replication?.Value ?? 0) > 0,
    now: new Date(Number(clock?.now) * 1000),
    failedLoginLimit: failedLogins >= NO_LIMIT ? null : failedLogins,
  };
}
