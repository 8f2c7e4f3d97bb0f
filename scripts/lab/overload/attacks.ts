// What a stranger can throw at the web server: each attack ends by itself, bounded in connections and in time.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface Size {
  bodyBytes: number;
  headerBytes: number;
  connections: number;
  /** How long slow connections are held, in ms. */
  holdMs: number;
}

/** How connections ended: by an answer's status, `closed` without one, or `held` until the attacker gave up. */
export type Endings = Record<string, number>;

interface Sent {
  status: string | undefined;
  closed: boolean;
}

const HOST = '127.0.0.1';
const PIECE = Buffer.alloc(65_536, 'a');
const GIVE_UP_MS = 60_000;

/** Every kind of route: next-auth's, both dialects and both base URLs, pages, server actions, unknown paths, Next's own. */
export const BODY_PATHS = [
  '/api/auth/callback/credentials',
  '/api/auth/signout',
  '/api/auth/_log',
  '/api/v1/projects',
  '/api/v1/me/confirm',
  '/api/v1/setup',
  '/api/capydb/v1/projects',
  '/api/v1/vector/sites',
  '/api/unknown',
  '/signin',
  '/',
  '/unknown',
  '/metrics',
  '/_next/image',
];

async function open(port: number, onByte?: () => void): Promise<{ socket: Socket; sent: Sent }> {
  const socket = connect(port, HOST);
  const sent: Sent = { status: undefined, closed: false };
  socket.on('data', (bytes: Buffer) => {
    sent.status ??= /^HTTP\/1\.1 (\d{3})/.exec(bytes.toString('latin1'))?.[1];
    onByte?.();
  });
  socket
    .on('error', () => {})
    .on('close', () => {
      sent.closed = true;
    });
  await firstOf(socket, ['connect', 'close'], GIVE_UP_MS);
  return { socket, sent };
}

const endingOf = ({ status, closed }: Sent): string => status ?? (closed ? 'closed' : 'held');

function count(endings: string[]): Endings {
  const counts: Endings = {};
  for (const ending of endings) counts[ending] = (counts[ending] ?? 0) + 1;
  return counts;
}

/** Writes until all is sent, the server answers, or it hangs up. */
async function pour({ socket, sent }: { socket: Socket; sent: Sent }, bytes: number, piece: Buffer): Promise<void> {
  const until = Date.now() + GIVE_UP_MS;
  for (let written = 0; written < bytes && !sent.closed && !sent.status && Date.now() < until; written += piece.length) {
    if (!socket.write(piece)) await firstOf(socket, ['drain', 'close', 'data'], GIVE_UP_MS);
  }
}

/** Resolves with the first of these events, or after the time. */
async function firstOf(socket: Socket, events: string[], timeoutMs: number): Promise<void> {
  const over = new AbortController();
  const waits = events.map((event) => once(socket, event, { signal: over.signal }));
  await Promise.race([...waits, delay(timeoutMs, undefined, { signal: over.signal })]).catch(() => {});
  over.abort();
  await Promise.allSettled(waits);
}

async function finish({ socket, sent }: { socket: Socket; sent: Sent }): Promise<string> {
  const until = Date.now() + GIVE_UP_MS;
  while (!sent.closed && Date.now() < until) await firstOf(socket, ['close'], 1_000);
  socket.destroy();
  return endingOf(sent);
}

const head = (path: string, ...lines: string[]): string =>
  [`POST ${path} HTTP/1.1`, `Host: ${HOST}`, 'Content-Type: application/x-www-form-urlencoded', 'Next-Action: x', ...lines, '', ''].join('\r\n');

async function sendBody(port: number, path: string, bytes: number, isChunked: boolean): Promise<string> {
  const connection = await open(port);
  connection.socket.write(head(path, isChunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${bytes}`));
  const piece = isChunked ? Buffer.concat([Buffer.from(`${PIECE.length.toString(16)}\r\n`), PIECE, Buffer.from('\r\n')]) : PIECE;
  await pour(connection, bytes, piece);
  return finish(connection);
}

async function sendHeaders(port: number, bytes: number, isOne: boolean): Promise<string> {
  const connection = await open(port);
  connection.socket.write(`GET /api/v1/me HTTP/1.1\r\nHost: ${HOST}\r\n${isOne ? 'X-Large: ' : ''}`);
  await pour(connection, bytes, isOne ? PIECE : Buffer.from('X-Many: aaaaaaaaaaaaaaaa\r\n'.repeat(1_000)));
  return finish(connection);
}

/** Opens connections by the hundred, and after each batch lets each of those that still stand say a little. */
async function holdSlow(port: number, { connections, holdMs }: Size, first: string, drop: string): Promise<Endings> {
  const held: { socket: Socket; sent: Sent }[] = [];
  const drip = () => {
    for (const { socket, sent } of held) if (!sent.closed && drop) socket.write(drop);
  };
  for (let opened = 0; opened < connections; opened += 100) {
    const batch = await Promise.all(Array.from({ length: Math.min(100, connections - opened) }, () => open(port)));
    for (const connection of batch) if (first) connection.socket.write(first);
    held.push(...batch);
  }
  const until = Date.now() + holdMs;
  while (Date.now() < until) {
    await delay(1_000);
    drip();
  }
  const endings = count(held.map(({ sent }) => endingOf(sent)));
  for (const { socket } of held) socket.destroy();
  return endings;
}

/** Of a whole request, of one that is refused for its lack of a host, and of one with an expectation that no server has. */
const PIPELINED = [`Host: ${HOST}\r\n`, '', `Host: ${HOST}\r\nExpect: x\r\n`];

/** Many requests in one breath, none of whose answers is waited for. */
async function pipeline(port: number, requests: number, headers = ''): Promise<string> {
  const connection = await open(port);
  connection.socket.write(`GET /signin HTTP/1.1\r\n${headers}\r\n`.repeat(requests));
  return finish(connection);
}

/** Requests whose large answers nobody reads. */
async function neverRead(port: number, { connections, holdMs }: Size): Promise<Endings> {
  const sockets: { socket: Socket; sent: Sent }[] = [];
  for (let opened = 0; opened < Math.min(connections, 200); opened++) {
    const connection = await open(port);
    connection.socket.pause();
    connection.socket.write(`GET /api/v1/openapi.json HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`);
    sockets.push(connection);
  }
  await delay(holdMs);
  const endings = count(sockets.map(({ sent }) => endingOf(sent)));
  for (const { socket } of sockets) socket.destroy();
  return endings;
}

/** Bodies just under the limit that never end, to fill the memory of all connections together. */
const almostABody = `${head('/api/v1/projects', 'Content-Length: 1048576')}${'a'.repeat(900_000)}`;

/** Twenty attackers who come back this soon with a megabyte each fill a line of 1 Gbit/s. */
const COME_BACK_MS = 100;

/** So many attackers at once, of whom each comes back whenever it is turned away, until `holdMs` are over. */
async function keepAt(attackers: number, { holdMs }: Size, attack: (attacker: number) => Promise<string>): Promise<Endings> {
  const until = Date.now() + holdMs;
  const endings: string[] = [];
  const run = async (attacker: number) => {
    do {
      endings.push(await attack(attacker));
      await delay(COME_BACK_MS);
    } while (Date.now() < until);
  };
  await Promise.all(Array.from({ length: attackers }, (_, attacker) => run(attacker)));
  return count(endings);
}

/** One attacker for each path. */
const keepSendingBodies = (port: number, size: Size, isChunked: boolean): Promise<Endings> =>
  keepAt(BODY_PATHS.length, size, (attacker) => sendBody(port, BODY_PATHS[attacker] ?? '/', size.bodyBytes, isChunked));

export const ATTACKS = {
  'bodies, announced': (port, size) => keepSendingBodies(port, size, false),
  'bodies, chunked': (port, size) => keepSendingBodies(port, size, true),
  'headers, one large': (port, size) => keepAt(20, size, () => sendHeaders(port, size.headerBytes, true)),
  'headers, many': (port, size) => keepAt(20, size, () => sendHeaders(port, size.headerBytes, false)),
  'slow: silent': (port, size) => holdSlow(port, size, '', ''),
  'slow: headers': (port, size) => holdSlow(port, size, `GET / HTTP/1.1\r\nHost: ${HOST}\r\n`, 'X-Slow: a\r\n'),
  'slow: bodies': (port, size) => holdSlow(port, size, head('/api/auth/callback/credentials', 'Content-Length: 10000'), 'a'),
  'slow: large bodies': (port, size) => holdSlow(port, { ...size, connections: Math.min(size.connections, 300) }, almostABody, 'a'),
  'answers never read': neverRead,
  pipelined: (port, size) => keepAt(20, size, (attacker) => pipeline(port, size.connections, PIPELINED[attacker % PIPELINED.length])),
} satisfies Record<string, (port: number, size: Size) => Promise<Endings>>;

export type AttackName = keyof typeof ATTACKS;
