// Real sockets against the server in front of Next, with small limits.
import { once } from 'node:events';
import { type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test, vi } from 'vitest';
import { createFront, type FrontOptions, StoppableRequest } from './create-front.ts';

const servers: Server[] = [];
const sockets: Socket[] = [];
let seen: { path: string | undefined; body: string; headers: IncomingMessage['headers'] }[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  seen = [];
});

/** Answers each request with its body's length; /forever streams, /pending never answers, /large answers with 64 MB. */
async function start(limits: FrontOptions['limits'], isProxy?: FrontOptions['isProxy']): Promise<number> {
  const server = createFront(
    async (incoming, response) => {
      const body = await text(incoming);
      seen.push({ path: incoming.url, body, headers: incoming.headers });
      if (incoming.url === '/pending') return;
      if (incoming.url === '/large') return void response.end(Buffer.alloc(64 * 1_048_576));
      if (incoming.url !== '/forever') return void response.end(String(body.length));
      const timer = setInterval(() => response.write('beat '), 20);
      response.once('close', () => clearInterval(timer));
    },
    { limits: { lingerMs: 200, sweepMs: 20, ...limits }, ...(isProxy && { isProxy }) },
  );
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

interface Client {
  socket: Socket;
  received: () => string;
  closed: Promise<void>;
}

async function open(port: number, first = ''): Promise<Client> {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  sockets.push(socket);
  let received = '';
  socket.on('data', (bytes) => {
    received += bytes;
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await Promise.race([once(socket, 'connect').catch(() => {}), closed]);
  if (first) socket.write(first);
  return { socket, received: () => received, closed };
}

const post = (path: string, ...headers: string[]) => [`POST ${path} HTTP/1.1`, 'Host: a', ...headers, '', ''].join('\r\n');
const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;

/** All that a server says to these bytes until it hangs up. */
async function exchange(port: number, bytes: string): Promise<string> {
  const { closed, received } = await open(port, bytes);
  await closed;
  return received();
}

const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 10 });

test.each([
  ['an API path', '/api/v1/projects', 1_048_577, 'application/problem+json', '"code":"body_too_large"'],
  ['the API’s other base URL', '/api/capydb/v1/projects', 1_048_577, 'application/problem+json', '"detail":"The body is larger than 1 MB.'],
  ['the sites API', '/api/v1/vector/sites', 1_048_577, 'application/json', '"http_status":413'],
  ['the sign-in of next-auth', '/api/auth/callback/credentials?x=1', 16_385, 'application/problem+json', 'larger than 16 KB'],
  ['a page', '/signin', 16_385, 'text/plain', 'larger than 16 KB'],
  ['an unknown path', '/x/api/v1/projects', 16_385, 'text/plain', 'larger than 16 KB'],
  ['a path in disguise', '/api/%761/projects', 16_385, 'application/problem+json', 'larger than 16 KB'],
])('refuses an announced body over the limit of %s before it is sent', async (_, path, bytes, type, words) => {
  const port = await start({});
  const answer = await exchange(port, post(path, `Content-Length: ${bytes}`));
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  expect(answer).toContain(`content-type: ${type}`);
  expect(answer).toContain(words);
  expect(seen).toEqual([]);
});

test.each([
  ['an API path', 'TRACE', '/api/v1/projects', 'application/problem+json', '"code":"method_not_allowed"', 'GET, POST'],
  ['an unknown path', 'PROPFIND', '/api/none', 'application/problem+json', '"code":"method_not_allowed"', 'GET'],
  ['the API’s root', 'LOCK', '/api', 'application/problem+json', '"code":"method_not_allowed"', 'GET'],
  ['the sites API', 'QUERY', '/api/v1/vector/sites', 'application/json', '"http_status":405', 'GET, POST'],
  ['a page', 'TRACE', '/signin', 'text/plain', 'There is no TRACE here', 'GET'],
])('refuses a method that no address has at %s, and names those it has', async (_, method, path, type, words, allowed) => {
  const answer = await exchange(await start({}), `${method} ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 405 /);
  expect(answer).toContain(`content-type: ${type}`);
  expect(answer).toContain(`\r\nallow: ${allowed}\r\n`);
  expect(answer).toContain(words);
  expect(seen).toEqual([]);
});

test('counts a body that does not announce its length, and hangs up past the limit', async () => {
  const port = await start({ otherBodyBytes: 1_000 });
  const { socket, closed, received } = await open(port, post('/signin', 'Transfer-Encoding: chunked'));
  for (let sent = 0; sent < 1_100; sent += 100) socket.write(`64\r\n${'a'.repeat(100)}\r\n`);
  await closed;
  expect(received()).toMatch(/^HTTP\/1\.1 413 .*connection: close/s);
  expect(seen).toEqual([]);
});

test('refuses a body that asks first whether it may come', async () => {
  const port = await start({});
  const answer = await exchange(port, post('/signin', 'Content-Length: 100000', 'Expect: 100-continue'));
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  const { socket, received } = await open(port, post('/signin', 'Content-Length: 5', 'Expect: 100-continue'));
  await until(() => expect(received()).toContain('100 Continue'));
  socket.write('hello');
  await until(() => expect(received()).toContain('\r\n\r\n5'));
});

test.each(['content-length', 'chunked'])('hands over a body within the limit whole (%s)', async (how) => {
  const port = await start({});
  const sent = request({
    port,
    method: 'POST',
    path: '/api/v1/projects?a=b',
    headers: { 'x-mine': 'yes', ...(how === 'chunked' ? {} : { 'content-length': 1_000_000 }) },
  });
  sent.write('b'.repeat(500_000));
  sent.end('b'.repeat(500_000));
  const [answer] = await once(sent, 'response');
  expect(await text(answer)).toBe('1000000');
  expect(seen[0]).toMatchObject({ path: '/api/v1/projects?a=b', headers: { 'x-mine': 'yes', 'content-length': '1000000' } });
  expect(seen[0]?.headers).not.toHaveProperty('transfer-encoding');
});

test('answers a client that sends all of a large body first with 413', async () => {
  const port = await start({ otherBodyBytes: 1_000 });
  const answer = await exchange(port, post('/signin', 'Content-Length: 100000') + 'a'.repeat(100_000));
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
});

test('refuses headers over the limit with 431', async () => {
  const port = await start({});
  expect(await exchange(port, `GET /api/v1/me HTTP/1.1\r\nHost: a\r\nX-Large: ${'a'.repeat(17_000)}`)).toMatch(/^HTTP\/1\.1 431 .*"code":"headers_too_large"/s);
});

test.each([
  ['headers that are too large', `GET / HTTP/1.1\r\nHost: a\r\nX-Large: ${'a'.repeat(8 * 1_048_576)}`, 431],
  ['a body that is too large', post('/signin', 'Content-Length: 8388608') + 'a'.repeat(8 * 1_048_576), 413],
  ['a body that finds no room', post('/api/v1/projects', 'Content-Length: 1048576') + 'a'.repeat(1_048_575), 503],
])('reads no more of %s than arrived with their beginning', async (_, bytes, status) => {
  const port = await start({ bodiesBytes: 1_000_000 });
  let serverSide: Socket | undefined;
  servers[0]?.on('connection', (socket) => {
    serverSide = socket;
  });
  expect(await exchange(port, bytes)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(serverSide?.bytesRead).toBeGreaterThan(0);
  expect(serverSide?.bytesRead).toBeLessThanOrEqual(65_536);
});

test('refuses what is not HTTP with 400', async () => {
  const port = await start({});
  expect(await exchange(port, 'GET /api/v1/me HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n')).toMatch(
    /^HTTP\/1\.1 400 .*"code":"malformed_request"/s,
  );
  expect(seen).toEqual([]);
});

test('gives up on headers that do not end and on a body that does not', async () => {
  const port = await start({ headersMs: 100, requestMs: 200 });
  const [headers, body] = await Promise.all([
    exchange(port, 'GET /api/v1/me HTTP/1.1\r\nHost: a\r\n'),
    exchange(port, post('/api/v1/vector/sites', 'Content-Length: 10')),
  ]);
  expect(headers).toMatch(/^HTTP\/1\.1 408 .*"code":"request_timeout"/s);
  expect(body).toMatch(/^HTTP\/1\.1 408 .*"http_status":408/s);
});

test('gives up on a body that comes in drops', async () => {
  const port = await start({ bodyGraceMs: 50, bodyBytesPerSecond: 100_000 });
  const { socket, closed, received } = await open(port, post('/signin', 'Content-Length: 1000'));
  const dripping = setInterval(() => socket.write('a'), 10);
  await closed;
  clearInterval(dripping);
  expect(received()).toMatch(/^HTTP\/1\.1 408 /);
});

test('lets an answer stream on after every time limit for its request', async () => {
  const port = await start({ headersMs: 50, requestMs: 60, keepAliveMs: 50, stalledMs: 50, bodyGraceMs: 10 });
  const { received, socket } = await open(port, get('/forever'));
  await until(() => expect(received().split('beat').length).toBeGreaterThan(20));
  expect(socket.destroyed).toBe(false);
});

test('cuts off a client that reads none of its response', async () => {
  const port = await start({ stalledMs: 100 });
  const { socket, closed } = await open(port);
  socket.pause();
  socket.write(get('/large'));
  await until(() => expect(seen).toHaveLength(1));
  const stands = () => new Promise<number>((resolve) => servers[0]?.getConnections((_, count) => resolve(count)));
  await vi.waitFor(async () => expect(await stands()).toBe(0), { timeout: 10_000, interval: 20 });
  socket.resume();
  await closed;
});

test('lets nobody keep others out by holding connections open', async () => {
  const port = await start({ connectionsPerAddress: 8, headersMs: 30_000 });
  const slow = await Promise.all(Array.from({ length: 40 }, () => open(port, 'GET / HTTP/1.1\r\nHost: a\r\n')));
  await until(() => expect(slow.filter(({ socket }) => !socket.destroyed).length).toBeLessThanOrEqual(8));
  const { received } = await open(port, get('/other'));
  await until(() => expect(received()).toContain('200 OK'));
});

test('closes slow connections for new ones before those that are answered', async () => {
  const port = await start({ connectionsPerAddress: 2, headersMs: 30_000 });
  const busy = await open(port, get('/pending'));
  await until(() => expect(seen).toHaveLength(1));
  const slow = await open(port, 'GET / HTTP/1.1\r\n');
  const { received } = await open(port, get('/other'));
  await slow.closed;
  await until(() => expect(received()).toContain('200 OK'));
  expect(busy.socket.destroyed).toBe(false);
});

test('closes refused connections for new ones, though they linger', async () => {
  const port = await start({ connectionsPerAddress: 2, lingerMs: 30_000 });
  const refused = await Promise.all(Array.from({ length: 2 }, () => open(port, post('/signin', 'Content-Length: 100000'))));
  for (const { received } of refused) await until(() => expect(received()).toContain('413'));
  const { received } = await open(port, get('/other'));
  await until(() => expect(received()).toContain('200 OK'));
});

test('lets few refused connections linger', async () => {
  const port = await start({ lingering: 2, lingerMs: 30_000 });
  const refused: Client[] = [];
  for (let i = 0; i < 3; i++) {
    const client = await open(port, post('/signin', 'Content-Length: 100000'));
    await until(() => expect(client.received()).toContain('413'));
    refused.push(client);
  }
  const [first, ...others] = refused;
  await first?.closed;
  const stands = () => new Promise<number>((resolve) => servers[0]?.getConnections((_, count) => resolve(count)));
  expect(await stands()).toBe(others.length);
});

test('counts the connections of all addresses together, and those of a proxy only so', async () => {
  const port = await start({ connectionsPerAddress: 2, connections: 6, headersMs: 30_000 }, (address) => address === '127.0.0.1');
  const busy = await Promise.all(Array.from({ length: 6 }, () => open(port, get('/pending'))));
  await until(() => expect(seen).toHaveLength(6));
  await (await open(port, get('/other'))).closed;
  expect(busy.every(({ socket }) => !socket.destroyed)).toBe(true);
});

test.each([
  ['requests', get('/pending')],
  // Node would answer these itself without counting them.
  ['requests with an expectation', 'GET /pending HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n'],
  ['requests without a host', 'GET /pending HTTP/1.1\r\n\r\n'],
])('hangs up on who sends many %s without waiting for answers', async (_, one) => {
  const port = await start({ pipelined: 4 });
  const parsed = vi.spyOn(StoppableRequest.prototype, 'upgrade', 'set');
  const answer = await exchange(port, one.repeat(1_000));
  // None of them was begun: to answer a page takes far longer than to send a request for it.
  expect([answer, seen]).toEqual(['', []]);
  // All of them arrived in one read, which Node parses to its end; others would wait for that.
  expect(parsed.mock.calls.length).toBeLessThan(20);
});

test('refuses a request of HTTP/1.1 without a host, and answers one with an expectation that it does not know', async () => {
  const port = await start({});
  expect(await exchange(port, 'GET /api/other HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*"code":"malformed_request"/s);
  expect(await exchange(port, 'GET /other HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /);
  expect(await exchange(port, 'GET /other HTTP/1.1\r\nHost: a\r\nExpect: x\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /);
});

test('keeps room for small bodies by refusing the largest unfinished ones', async () => {
  const port = await start({ bodiesBytes: 100_000 });
  const large = await open(port, `${post('/api/v1/projects', 'Content-Length: 90000')}${'a'.repeat(80_000)}`);
  const small = await open(port, `${post('/api/v1/projects', 'Content-Length: 30000')}${'a'.repeat(29_000)}`);
  await large.closed;
  expect(large.received()).toMatch(/^HTTP\/1\.1 503 .*retry-after: 5/s);
  const another = await open(port, `${post('/api/v1/projects', 'Content-Length: 90000')}${'a'.repeat(80_000)}`);
  await another.closed;
  expect(another.received()).toMatch(/^HTTP\/1\.1 503 /);
  small.socket.write('a'.repeat(1_000));
  await until(() => expect(small.received()).toContain('\r\n\r\n30000'));
});
