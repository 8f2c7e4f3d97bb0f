import type net from 'node:net';
import { Client, type QueryResult } from 'pg';
import { makeScramVerifier } from '#lib/crypto/scram.ts';
import { placeOf } from '#lib/engines/address.ts';
import { type Endpoint, EngineError, type Handshake, type Login, type Place, type Protection, type Target } from '#lib/engines/engine.ts';
import { codeOf, engineError } from '#lib/engines/failure.ts';
import { classify } from './classify.ts';
import { type Guard, guardLogin } from './guard.ts';
import { openSocket } from './socket.ts';
import { rememberVersion, startupOptions } from './startup.ts';
import { MAX_ITERATIONS, md5Verifier, showsVerifier } from './verifier.ts';

const CONNECT_TIMEOUT_MS = 4_000;
const LOGIN_TIMEOUT_MS = 6_000;
const CLOSE_TIMEOUT_MS = 1_000;
/** Above what the server itself allows a statement; see operator.ts. */
const QUERY_TIMEOUT_MS = 8_000;

/** Where a login stands; read by the probe, which must tell a wrong password from a failure after it. */
export interface LoginProgress {
  /** Once the server has proven that it knows the password: what is refused from here on is something else. */
  handshake?: Handshake | undefined;
  /** The server has found the password right, or did not ask for it. */
  authenticated: boolean;
}

/** A logged-in connection. Every failure leaves as an EngineError. */
export interface Connection {
  /** As in `server_version_num`, without the minor release: 180000. */
  version: number;
  serverVersion: string;
  /** Whether the server follows another and takes no changes (told since PostgreSQL 14). */
  isStandby: boolean;
  /** The server's process as it named it at the login; a pooler names one of its own. */
  backendPid: number | null;
  /** Whom the server took the login for, as it told at the login; null where it did not. */
  sessionUser: string | null;
  /** What guarded the login. */
  protection: Protection;
  /** What the login proved of the server by itself. */
  handshake: Handshake | undefined;
  /** What the server holds for the password of this login, told by how it asked for it; null where it did not ask by SCRAM or MD5. Spares the work where it is the `known` one. */
  verifier(known?: string | null): Promise<string | null>;
  /** Sends a text of one or more statements; the answer to each, in order. */
  run(text: string, timeoutMs?: number): Promise<QueryResult[]>;
  /** One query, asked as the role that logged in: one that acts as another by default would not see its own sessions. */
  rows<Row extends object>(text: string): Promise<Row[]>;
  /** Says goodbye and waits, briefly, for the server to hang up. */
  close(): Promise<void>;
}

/** Connections saying goodbye: until the server hung up they still count as sessions. */
const closing = new Set<Promise<void>>();
export const allClosed = async (): Promise<void> => void (await Promise.all(closing));

/** Logs in. Bounded in time; what is shown of the password depends on what the server has proven (see channel.ts), and it never leaves in clear text. */
export async function logIn(
  target: Target,
  endpoint: Endpoint,
  login: Login,
  applicationName: string,
  progress: LoginProgress = { authenticated: false },
): Promise<Connection> {
  const bound = new AbortController();
  const timers = [CONNECT_TIMEOUT_MS, LOGIN_TIMEOUT_MS].map((ms) => setTimeout(() => bound.abort(), ms));
  let socket: net.Socket | undefined;
  let guard: Guard | undefined;
  try {
    const place = placeOf(target, endpoint);
    const peer = await openSocket(place.host, place.port, place.tls, bound.signal);
    clearTimeout(timers[0]);
    socket = peer.socket;
    const opened = socket;
    bound.signal.addEventListener('abort', () => opened.destroy());
    guard = guardLogin(endpoint, peer, place.tls, login);
    // Settings are for the server itself: a pooler takes none.
    const address = endpoint === 'direct' ? `${place.host}:${place.port}` : null;
    return await authenticate(opened, { ...place, address }, login, applicationName, progress, guard);
  } catch (error) {
    socket?.on('error', () => {}).destroy();
    const failure = bound.signal.aborted ? engineError('timed_out') : classify(error, endpoint, progress.authenticated ? 'start' : 'login');
    throw guard ? guard.judge(failure) : failure;
  } finally {
    timers.forEach(clearTimeout);
  }
}

async function authenticate(
  socket: net.Socket,
  place: Place & { address: string | null },
  login: Login,
  applicationName: string,
  progress: LoginProgress,
  guard: Guard,
): Promise<Connection> {
  const { address } = place;
  const client = new Client({
    user: place.user ?? login.user,
    database: place.database,
    application_name: applicationName,
    ...(address !== null && { options: startupOptions(address) }),
    ssl: false,
    stream: () => handOver(socket, (error) => client.connection.emit('error', error)),
    // Called when the server asks for a password, whatever the method: the guard has let it pass.
    password: () => login.password.reveal(),
    enableChannelBinding: guard.bindsChannel,
    // Some servers ask for more than the driver's own limit.
    ...{ scramMaxIterations: MAX_ITERATIONS },
  });
  const settings: Record<string, string> = {};
  const { connection } = client;
  // Before the driver's own listeners: what one of these throws stops the answer to the message.
  connection.on('authenticationCleartextPassword', guard.onCleartext);
  connection.on('authenticationMD5Password', guard.onMd5);
  connection.on('authenticationSASL', ({ mechanisms }: { mechanisms: string[] }) => guard.onSasl(mechanisms));
  connection.on('authenticationSASLContinue', ({ data }: { data: string }) => guard.onSaslContinue(data));
  connection.on('authenticationOk', () => {
    guard.onOk();
    progress.authenticated = true;
  });
  connection.on('parameterStatus', ({ parameterName, parameterValue }: { parameterName: string; parameterValue: string }) => {
    settings[parameterName] = parameterValue;
  });
  // Without a listener a connection cut while idle would end the process; the next query tells of it.
  client.on('error', () => {});
  try {
    const connecting = client.connect();
    // After the driver's own listener, which has checked the signature and dropped the exchange.
    connection.on('authenticationSASLFinal', () => {
      if ((client as unknown as { saslSession: unknown }).saslSession !== null) return;
      guard.onSaslProven();
      progress.handshake = guard.handshake;
    });
    await connecting;
  } catch (error) {
    // Another release than before answers there.
    if (address !== null && codeOf(error).code === '42704') rememberVersion(address, null);
    throw error;
  } finally {
    forgetPassword(client);
  }
  const { salted } = guard;
  const protection = guard.protection();
  const verifier = async (known?: string | null) => {
    if (!salted) return protection.method === 'md5' ? md5Verifier(login) : null;
    if (known && showsVerifier(salted, known)) return known;
    return makeScramVerifier(login.password, salted.iterations, Buffer.from(salted.salt, 'base64'));
  };
  const opened = connectionOf(client, socket, settings, { verifier, protection, handshake: guard.handshake });
  if (address !== null) rememberVersion(address, opened.version);
  return opened;
}

/** pg calls `connect` on the stream it is given; ours is connected already. A parser that throws must not end the process. */
function handOver(socket: net.Socket, onError: (error: unknown) => void): net.Socket {
  const on = socket.on.bind(socket);
  const guarded = (listener: (chunk: Buffer) => void) => (chunk: Buffer) => {
    try {
      listener(chunk);
    } catch (error) {
      onError(error);
    }
  };
  return Object.assign(socket, {
    connect: () => {
      process.nextTick(() => socket.emit('connect'));
      return socket;
    },
    // biome-ignore lint/suspicious/noExplicitAny: the signature of EventEmitter
    on: (event: string, listener: (...args: any[]) => void) => on(event, event === 'data' ? guarded(listener) : listener),
  });
}

/** The driver keeps the password for its lifetime, on two objects. */
function forgetPassword(client: Client): void {
  const held = client as unknown as { password: unknown; connectionParameters: { password: unknown } };
  held.password = null;
  held.connectionParameters.password = null;
}

function connectionOf(
  client: Client,
  socket: net.Socket,
  settings: Record<string, string>,
  facts: Pick<Connection, 'verifier' | 'protection' | 'handshake'>,
): Connection {
  // Debian and others add their own version after a space.
  const serverVersion = settings.server_version?.split(' ')[0] ?? '';
  const ask = async (text: string, timeoutMs: number): Promise<QueryResult[]> => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      socket.destroy();
    }, timeoutMs);
    try {
      const answer: unknown = await client.query(text);
      return (Array.isArray(answer) ? answer : [answer]) as QueryResult[];
    } catch (error) {
      throw late ? engineError('timed_out') : classify(error, 'direct', 'statement');
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    serverVersion,
    ...facts,
    version: versionNumber(serverVersion),
    isStandby: settings.in_hot_standby === 'on',
    backendPid: (client as unknown as { processID: number | null }).processID,
    sessionUser: settings.session_authorization ?? null,
    run: (text, timeoutMs = QUERY_TIMEOUT_MS) => ask(text, timeoutMs),
    rows: async (text) => (await ask(`SET LOCAL ROLE NONE; ${text}`, QUERY_TIMEOUT_MS).catch(ofCatalog))[1]?.rows ?? [],
    close: () => {
      const goodbye = sayGoodbye(client, socket).finally(() => closing.delete(goodbye));
      closing.add(goodbye);
      return goodbye;
    },
  };
}

/** A question that may not be asked: it changes nothing, so nothing is said of the right to change. */
export function ofCatalog(error: unknown): never {
  throw error instanceof EngineError && error.code === 'not_permitted' ? engineError('catalog_denied') : error;
}

async function sayGoodbye(client: Client, socket: net.Socket): Promise<void> {
  const timer = setTimeout(() => socket.destroy(), CLOSE_TIMEOUT_MS);
  await client.end().catch(() => {});
  clearTimeout(timer);
}

/** '18.4' is 180000, '19beta1' 190000. */
const versionNumber = (text: string): number => Number.parseInt(text, 10) * 10_000 || 0;
