import { once } from 'node:events';
import net from 'node:net';
import mysql, { type Connection as Driver } from 'mysql2';
import { costOf, isCachingSha2Hash, isHashOf, isNativeHash, makeNativeHash } from '#lib/crypto/mysql-hash.ts';
import type { Secret } from '#lib/crypto/secret.ts';
import { checksChain, placeOf } from '#lib/engines/address.ts';
import { hasProvenItself } from '#lib/engines/channel.ts';
import type { Endpoint, Login, Place, Protection, Target } from '#lib/engines/engine.ts';
import { engineError } from '#lib/engines/failure.ts';
import { classify, isWithoutPassword, provesPassword } from './classify.ts';
import { dialectOf, type Greeting, readGreeting } from './greeting.ts';
import { guardLogin } from './guard.ts';
import { markEnded, markOurs } from './own-connections.ts';

const CONNECT_TIMEOUT_MS = 4_000;
const LOGIN_TIMEOUT_MS = 6_000;
const CLOSE_TIMEOUT_MS = 1_000;
/** Above what the server itself allows a statement; see operator.ts. */
const QUERY_TIMEOUT_MS = 8_000;

/** Where a login stands; read by the probe, which must tell a wrong password from a failure after it. */
export interface LoginProgress {
  /** The server has found the password right. */
  authenticated: boolean;
  /** The last method that rejected the login asks for no password, such as unix_socket. */
  endedWithoutPassword?: boolean;
}

/** A logged-in connection. Every failure leaves as an EngineError. */
export interface Connection {
  id: number;
  serverVersion: string;
  isMariadb: boolean;
  user: string;
  /** Whether a hash that the server names is that of the password that logged in. */
  isOwnHash: (hash: string) => boolean;
  /** Names the server, for what this process knows of its connections. */
  server: string;
  /** What guarded the login. */
  protection: Protection;
  /** Sends statements in one go; the rows of each, in order. What follows one that fails is not run. */
  run(...statements: string[]): Promise<unknown[][]>;
  /** The rows of one query. */
  rows<Row>(statement: string): Promise<Row[]>;
  /** Says goodbye and waits, briefly, for the server to hang up. */
  close(): Promise<void>;
}

/** Logs in, asserting that the server takes the login for the account meant. Bounded in time; what is shown of the password depends on what the server has proven (see channel.ts). */
export async function logIn(target: Target, endpoint: Endpoint, login: Login, progress: LoginProgress = { authenticated: false }): Promise<Connection> {
  const place = placeOf(target, endpoint);
  const { tls } = place;
  try {
    return await attempt(endpoint, place, login, progress, tls.mode !== 'disable');
  } catch (error) {
    const refusal = classify(error);
    // A refusal without TLS may be an account's REQUIRE SSL: the same number, whatever the password.
    if (refusal.code !== 'password_refused' || tls.mode !== 'disable') throw refusal;
    throw (await wouldPassByTls(endpoint, place, login)) ? engineError('tls_needed') : refusal;
  }
}

/** A second challenge is answered only by TLS that proves the server: by the key that is trusted for the login, or its certificate. */
async function wouldPassByTls(endpoint: Endpoint, place: Place, login: Login): Promise<boolean> {
  try {
    const connection = await attempt(endpoint, { ...place, tls: { ...place.tls, mode: 'require' } }, login, { authenticated: false }, true, true);
    void connection.close();
    return true;
  } catch {
    return false;
  }
}

async function attempt(endpoint: Endpoint, place: Place, login: Login, progress: LoginProgress, usesTls: boolean, onlyProven = false): Promise<Connection> {
  const bound = new AbortController();
  const timers = [CONNECT_TIMEOUT_MS, LOGIN_TIMEOUT_MS].map((ms) => setTimeout(() => bound.abort(), ms));
  let socket: net.Socket | undefined;
  try {
    const { host, port, tls } = place;
    socket = net.connect({ host, port, noDelay: true, keepAlive: true, signal: bound.signal });
    await once(socket, 'connect');
    clearTimeout(timers[0]);
    const opened = socket;
    bound.signal.addEventListener('abort', () => opened.destroy());
    const greeting = await readGreeting(opened);
    const isSecure = usesTls && greeting.offersTls;
    if (!isSecure && tls.mode !== 'disable' && tls.mode !== 'prefer') throw engineError('tls_refused');
    const connection = await authenticate({ socket: opened, greeting, isSecure, endpoint, place, login, onlyProven, server: `${host}:${port}` }, progress);
    await prepareSession(connection, endpoint, login);
    return connection;
  } catch (error) {
    socket?.on('error', () => {}).destroy();
    throw bound.signal.aborted ? engineError('timed_out') : classify(error);
  } finally {
    timers.forEach(clearTimeout);
  }
}

interface Opening {
  socket: net.Socket;
  server: string;
  greeting: Greeting;
  isSecure: boolean;
  endpoint: Endpoint;
  place: Place;
  login: Login;
  /** Nothing is answered to a server that is neither pinned nor verified. */
  onlyProven: boolean;
}

async function authenticate({ socket, server, greeting, isSecure, endpoint, place, login, onlyProven }: Opening, progress: LoginProgress): Promise<Connection> {
  const { host, tls, database } = place;
  const ssl = { rejectUnauthorized: checksChain(tls), verifyIdentity: tls.mode === 'verify-full', ...(tls.caPem && { ca: tls.caPem }) };
  const guard = guardLogin(endpoint, place, greeting, isSecure, { verifier: login.verifier ?? null, onlyProven });
  const driver = mysql.createConnection({
    stream: () => socket,
    host,
    user: place.user ?? login.user,
    password: login.password.reveal(),
    ...(database && { database }),
    ...(isSecure && { ssl }),
    authPlugins: guard.plugins,
    charset: 'utf8mb4',
    multipleStatements: true,
    supportBigNumbers: true,
    jsonStrings: true,
    connectAttributes: { program_name: 'rekey' },
  });
  guard.watchTls(driver);
  // Stopped after the greeting was read; the driver listens now.
  socket.resume();
  // Without a listener a connection cut while idle would end the process; the next query tells of it.
  driver.on('error', () => {});
  try {
    await new Promise<void>((done, fail) => driver.connect((error) => (error ? fail(error) : done())));
    progress.authenticated = true;
  } catch (error) {
    if (guard.refusal) throw guard.refusal;
    if (provesPassword(error)) progress.authenticated = true;
    progress.endedWithoutPassword = isWithoutPassword(error);
    throw error;
  } finally {
    forgetPassword(driver);
  }
  return connectionOf(driver, socket, greeting, {
    user: login.user,
    isOwnHash: ownHashes(login.password, guard.protection()),
    server,
    protection: guard.protection(),
  });
}

/** Ten times what MySQL makes by default. The server names the cost, and an impostor could name one that takes seconds. */
const MAX_ROUNDS = 50_000;

/**
 * Only a server that knows the password's hash can name it: that is the proof of one which has no other (see changePassword).
 * A hash with a salt takes milliseconds to compare, so a server that has proven itself otherwise is believed.
 */
function ownHashes(password: Secret, protection: Protection): (hash: string) => boolean {
  const native = makeNativeHash(password);
  const isBelieved = hasProvenItself(protection);
  return (hash) => (isNativeHash(hash) ? hash === native : isCachingSha2Hash(hash) && (isBelieved || (costOf(hash) <= MAX_ROUNDS && isHashOf(hash, password))));
}

/** The driver keeps the password for its lifetime. */
function forgetPassword(driver: Driver): void {
  const held = driver as unknown as { config: { password: unknown }; _authPlugin: unknown };
  held.config.password = undefined;
  held._authPlugin = undefined;
}

/**
 * Makes a session read and write the same whatever a user, init_connect or the server sets for it: by values that
 * every version knows, in a statement that means the same in every sql_mode and character set.
 */
export const NEUTRAL = {
  sql_mode: "''",
  autocommit: '1',
  time_zone: "'+00:00'",
  sql_select_limit: '18446744073709551615',
  sql_big_selects: '1',
  sql_notes: '1',
  max_error_count: '64',
  // Longer than an attempt holds a login that waits for its turn.
  wait_timeout: '120',
};

/** `app@localhost` or an anonymous account may stand before the account that was meant. */
async function prepareSession(connection: Connection, endpoint: Endpoint, login: Login): Promise<void> {
  const settings = Object.entries({ ...NEUTRAL, ...dialectOf(connection).session }).map(([name, value]) => `${name} = ${value}`);
  // Through a pooler nothing else is asked, and many do not pass settings on.
  const prepare = endpoint === 'pooled' ? [] : ['SET NAMES utf8mb4', `SET SESSION ${settings.join(', ')}`, 'SET SESSION TRANSACTION READ WRITE'];
  const rows = (await connection.run(...prepare, 'SELECT CURRENT_USER() AS account')).at(-1) as { account: string }[];
  // A clock that init_connect has stopped; where the server lets nobody set it (secure_timestamp), nobody has.
  if (endpoint === 'direct') await connection.run('SET SESSION timestamp = DEFAULT').catch(() => {});
  const account = rows[0]?.account ?? '';
  if (account.slice(0, account.lastIndexOf('@')) === login.user) return;
  throw engineError('wrong_identity');
}

function connectionOf(
  driver: Driver,
  socket: net.Socket,
  greeting: Greeting,
  names: Pick<Connection, 'user' | 'isOwnHash' | 'server' | 'protection'>,
): Connection {
  const id = driver.threadId ?? 0;
  markOurs(names.server, id);
  const run = async (...statements: string[]): Promise<unknown[][]> => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      socket.destroy();
    }, QUERY_TIMEOUT_MS);
    try {
      const answers = await new Promise<unknown>((done, fail) => driver.query(statements.join('; '), (error, answer) => (error ? fail(error) : done(answer))));
      const all = statements.length > 1 ? (answers as unknown[]) : [answers];
      // The answer to a statement without rows is an object.
      return all.map((answer) => (Array.isArray(answer) ? answer : []));
    } catch (error) {
      throw late ? engineError('timed_out') : classify(error);
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    id,
    serverVersion: greeting.version,
    isMariadb: greeting.isMariadb,
    ...names,
    run,
    rows: async <Row>(statement: string) => (await run(statement))[0] as Row[],
    close: async () => {
      await sayGoodbye(driver, socket);
      markEnded(names.server, id);
    },
  };
}

async function sayGoodbye(driver: Driver, socket: net.Socket): Promise<void> {
  if (socket.destroyed) return;
  const timer = setTimeout(() => socket.destroy(), CLOSE_TIMEOUT_MS);
  const gone = once(socket, 'close').catch(() => {});
  driver.end(() => {});
  await gone;
  clearTimeout(timer);
}
