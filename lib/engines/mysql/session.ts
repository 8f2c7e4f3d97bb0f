import type { Inspection, Login, RoleSession, SessionCut, SessionGroup, Target } from '#lib/engines/engine.ts';
import { type Connection, logIn, quote } from './connect.ts';
import { endAll } from './end-all.ts';
import { isOurs } from './ours.ts';
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
    connectionId: connection.id,
    listSessions: async (before) => groupByAddress(await listProcesses(connection, before)),
    endSessions: async (before) =>
      endAll(
        connection,
        (await listProcesses(connection, before)).map(({ id }) => id),
      ),
    inspect: async () => {
      const [{ iterations }, settings] = await Promise.all([readOwnOnce(), readSettings(connection)]);
      return { iterations, ...settings };
    },
    verifier: async () => (await readOwnOnce()).verifiers[0] ?? null,
    close: connection.close,
  };
}

/** No server tells when a session began, but the ids of connections only grow, until it is started anew. */
async function listProcesses(connection: Connection, before?: SessionCut): Promise<Process[]> {
  const list = `SELECT ID AS id, HOST AS host FROM information_schema.PROCESSLIST WHERE USER = ${quote(connection.user)} AND ID <> ${connection.id} ORDER BY ID`;
  const [all, uptime, clock] = (await connection.run(list, "SHOW GLOBAL STATUS LIKE 'Uptime'", CLOCK)) as [Process[], { Value: string }[], { now: string }[]];
  const theirs = all.filter(({ id }) => !isOurs(connection.server, id));
  if (!before) return theirs;
  const startedAt = Number(clock[0]?.now) * 1000 - Number(uptime[0]?.Value) * 1000;
  // The uptime counts whole seconds.
  if (startedAt > before.at.getTime() + 1_000) return [];
  const first = before.connectionId ?? connection.id;
  return theirs.filter(({ id }) => id < first);
}

export const CLOCK = 'SELECT UNIX_TIMESTAMP(NOW(6)) AS now';

function groupByAddress(processes: Process[]): SessionGroup[] {
  const counts = new Map<string, number>();
  for (const { host } of processes) {
    const address = /^(.*):\d+$/.exec(host)?.[1] ?? 'local';
    counts.set(address, (counts.get(address) ?? 0) + 1);
  }
  return [...counts].map(([address, count]) => ({ application: '', address, count, since: null })).sort((a, b) => b.count - a.count);
}

type Settings = Pick<Inspection, 'authenticationTimeoutSeconds' | 'isReadOnly'> & { now: Date };

/** A server that follows another one is not to be written to, whether it would take it or not. */
export async function readSettings(connection: Connection): Promise<Settings> {
  const settings = 'SELECT @@global.read_only AS readOnly, @@global.connect_timeout AS loginTimeout';
  const [[row], [clock], slaves] = (await connection.run(settings, CLOCK, "SHOW GLOBAL STATUS LIKE 'Slaves_running'")) as [
    { readOnly: number; loginTimeout: number }[],
    { now: string }[],
    { Value: string }[],
  ];
  return {
    authenticationTimeoutSeconds: row?.loginTimeout ?? 0,
    isReadOnly: row?.readOnly !== 0 || Number(slaves[0]?.Value ?? 0) > 0,
    now: new Date(Number(clock?.now) * 1000),
  };
}
