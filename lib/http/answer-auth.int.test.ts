// The form of the sign-in over real sockets: each client has an address of its own in 127.0.0.0/8.
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { POST as ACCEPT, GET as JOIN } from '#app/api/v1/join/route.ts';
import { POST as CONFIRM } from '#app/api/v1/me/confirm/route.ts';
import { POST as SET_UP, GET as SETUP } from '#app/api/v1/setup/route.ts';
import { GET as VARIABLES } from '#app/api/v1/vector/deployments/[deploymentId]/variables/route.ts';
import { DEVICE_COOKIE, SESSION_COOKIE } from '#lib/auth/cookies.ts';
import { hashPassword } from '#lib/auth/hash-password.ts';
import { markAddresses } from '#lib/kernel/client-address.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { call, from, makeOrganization, makeStale } from '#scripts/testing/call-api.ts';
import { answerAuth } from './answer-auth.ts';

const PASSWORD = 'correct horse battery';
const passwordHash = await hashPassword(PASSWORD);
/** So many tries; `npm run guess` makes 10,000 of them. */
const TRIES = Number(process.env.REKEY_GUESSES ?? 200);

let organizationId: string;
let email: string;
let server: http.Server;

beforeAll(async () => {
  markAddresses();
  server = http.createServer(async (incoming, outgoing) => {
    const { port } = server.address() as AddressInfo;
    const body = incoming.method === 'GET' ? {} : { body: new Uint8Array(await buffer(incoming)) };
    const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]);
    const answer = await answerAuth(new Request(`http://127.0.0.1:${port}${incoming.url}`, { method: incoming.method ?? 'GET', headers, ...body }));
    outgoing.writeHead(answer.status, [...answer.headers].flat()).end(await answer.text());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(async () => {
  organizationId = await makeOrganization();
  const id = newId('usr');
  email = `${id.toLowerCase()}@example.com`;
  await db.user.create({ data: { id, email, passwordHash, members: { create: { organizationId, role: 'owner' } } } });
  await db.rateLimit.deleteMany();
});

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into any answer
  body: any;
}

interface Asked {
  from?: string;
  body?: string;
  type?: string;
  headers?: Record<string, string>;
}

/** One request from a loopback address. */
async function ask(path: string, { from = '127.0.0.1', body, type = 'application/x-www-form-urlencoded', headers = {} }: Asked = {}): Promise<Answer> {
  const { port } = server.address() as AddressInfo;
  const method = body === undefined ? 'GET' : 'POST';
  const request = http.request({
    host: '127.0.0.1',
    port,
    localAddress: from,
    path: `/api/auth/${path}`,
    method,
    headers: { 'content-type': type, ...headers },
  });
  request.end(body);
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  const text = (await buffer(response)).toString();
  return { status: response.statusCode ?? 0, headers: response.headers, body: text.startsWith('{') ? JSON.parse(text) : text };
}

/** A client that keeps its cookies. */
async function openBrowser(from: string) {
  const kept = new Map<string, string>();
  const keep = ({ headers }: Answer) => {
    for (const cookie of headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      kept.set(name, value);
    }
  };
  const cookie = () => [...kept].map(([name, value]) => `${name}=${value}`).join('; ');
  const begun = await ask('csrf', { from });
  keep(begun);
  const csrfToken: string = begun.body.csrfToken;
  const formOf = (fields: Record<string, string> | [string, string][]) => `${new URLSearchParams({ csrfToken, json: 'true' })}&${new URLSearchParams(fields)}`;
  const send = async (path: string, fields: Record<string, string> | [string, string][], headers: Record<string, string> = {}) => {
    const answer = await ask(path, { from, body: formOf(fields), headers: { cookie: cookie(), ...headers } });
    keep(answer);
    return answer;
  };
  return {
    kept,
    cookie,
    formOf,
    signIn: (password: string, more: Record<string, string> = {}) => send('callback/credentials', { email, password, ...more }),
    send,
    forget: () => kept.delete(SESSION_COOKIE.name),
  };
}

const tenWrong = (browser: Awaited<ReturnType<typeof openBrowser>>) =>
  Promise.all(Array.from({ length: 10 }, async (_, i) => (await browser.signIn(`guess ${i}`)).status));
const errorOf = ({ body }: Pick<Answer, 'body'>) => new URL(body.url).searchParams.get('error');
/** The wrong passwords that were judged. */
const judged = () => db.auditEvent.count({ where: { organizationId, action: 'session.refused' } });
const sessions = () => db.session.count({ where: { organizationId } });

describe('the form of the sign-in', () => {
  it('opens a session, whose end is recorded with where it was ended', async () => {
    const browser = await openBrowser('127.0.0.9');
    expect(errorOf(await browser.signIn('wrong'))).toBe('CredentialsSignin');
    const answer = await browser.signIn(PASSWORD, { callbackUrl: 'https://evil.example/' });
    expect(answer).toMatchObject({ status: 200, body: { url: expect.not.stringContaining('evil') } });
    expect([...browser.kept.keys()]).toEqual(expect.arrayContaining([SESSION_COOKIE.name, DEVICE_COOKIE.name]));
    expect(await db.session.findFirst({ where: { organizationId } })).toMatchObject({ address: '127.0.0.9', revokedAt: null });
    await browser.send('signout', {});
    expect(await db.auditEvent.findFirst({ where: { organizationId, action: 'session.revoked' } })).toMatchObject({ address: '127.0.0.9' });
  });

  it.each<[string, (browser: Awaited<ReturnType<typeof openBrowser>>) => Promise<Answer>]>([
    [
      'an email given twice',
      (b) =>
        b.send('callback/credentials', [
          ['email', 'nobody@example.com'],
          ['email', email],
          ['password', PASSWORD],
        ]),
    ],
    [
      'a password given twice',
      (b) =>
        b.send('callback/credentials', [
          ['email', email],
          ['password', PASSWORD],
          ['password', 'x'],
        ]),
    ],
    ['an email of 7 KB', (b) => b.send('callback/credentials', { email: `${'a'.repeat(7_000)}@example.com`, password: PASSWORD })],
    ['an email with a NUL', (b) => b.send('callback/credentials', { email: `${email}\0`, password: PASSWORD })],
    ['no email', (b) => b.send('callback/credentials', { password: PASSWORD })],
    ['a password of 2 KB', (b) => b.send('callback/credentials', { email, password: 'x'.repeat(2_000) })],
    ['a form of 20 KB', (b) => b.send('callback/credentials', { email, password: PASSWORD, more: 'x'.repeat(20_000) })],
    [
      'JSON',
      (b) =>
        ask('callback/credentials', {
          body: JSON.stringify({ email: [email], password: PASSWORD }),
          type: 'application/json',
          headers: { cookie: b.cookie() },
        }),
    ],
    ['malformed JSON', (b) => ask('callback/credentials', { body: '{', type: 'application/json', headers: { cookie: b.cookie() } })],
    ['no content type', (b) => ask('callback/credentials', { body: b.formOf({ email, password: PASSWORD }), type: '', headers: { cookie: b.cookie() } })],
    [
      'a sign-out given twice',
      (b) =>
        b.send('signout', [
          ['a', '1'],
          ['a', '2'],
        ]),
    ],
    ['a report to next-auth’s log', (b) => b.send('_log', { level: 'error', code: 'x' })],
    ['the same by GET', (b) => ask('callback/credentials', { headers: { cookie: b.cookie() } })],
    ['another provider', (b) => b.send('callback/email', { email })],
  ])('refuses %s with a 4xx, and judges nothing', async (_what, send) => {
    const answer = await send(await openBrowser('127.0.0.1'));
    expect(answer).toMatchObject({ status: expect.toSatisfy((status: number) => status >= 400 && status < 500), body: { url: expect.any(String) } });
    expect([await judged(), await sessions()]).toEqual([0, 0]);
  });

  it.each<[string, Record<string, string>]>([
    ['X-Forwarded-For', { 'x-forwarded-for': '1'.repeat(7_000) }],
    ['User-Agent', { 'user-agent': 'ü'.repeat(7_000) }],
    ['X-Rekey-Address', { 'x-rekey-address': '1'.repeat(7_000) }],
    ['cookie for a device', { cookie: `${DEVICE_COOKIE.name}=${'1'.repeat(7_000)}` }],
    ['cookie of next-auth', { cookie: `next-auth.callback-url=${'<'.repeat(7_000)}; next-auth.csrf-token=${'%'.repeat(100)}` }],
  ])('is not brought to a 500 by 7 KB of %s', async (_name, headers) => {
    expect((await ask('csrf', { headers })).status).toBe(200);
    const browser = await openBrowser('127.0.0.1');
    const more = headers.cookie ? { cookie: `${browser.cookie()}; ${headers.cookie}` } : headers;
    expect(await browser.send('callback/credentials', { email, password: 'wrong', callbackUrl: 'http://[' }, more)).toMatchObject({ status: 401 });
  });

  it('does not tell an email that is known from one that is not by when it makes a stranger wait', async () => {
    const browser = await openBrowser('127.0.0.1');
    const waits = async (of: string) => {
      const answers = await Promise.all(Array.from({ length: 12 }, () => browser.send('callback/credentials', { email: of, password: 'wrong' })));
      return answers.map(({ status, body }) => ({ status, error: errorOf({ body }) })).sort((a, b) => a.status - b.status);
    };
    const known = await waits(email);
    expect(known.map(({ status }) => status)).toEqual([...Array(10).fill(401), 429, 429]);
    expect(await waits('nobody@example.com')).toEqual(known);
  });
});

describe('guessing', () => {
  /** The ways around a limit that were tried before, one after another. */
  const TRICKS: ((i: number) => { fields?: [string, string][]; headers?: Record<string, string> })[] = [
    () => ({}),
    (i) => ({ headers: { 'x-forwarded-for': `198.51.${(i >> 8) & 255}.${i & 255}` } }),
    (i) => ({ fields: [['email', `nobody${i}@example.com`]] }),
    (i) => ({ fields: [['email', `nobody${i}@example.com`]], headers: { 'x-forwarded-for': `203.0.113.${i & 255}`, 'x-real-ip': `203.0.113.${i & 255}` } }),
    (i) => ({ headers: { 'x-rekey-address': `198.51.100.${i & 255}`, forwarded: `for=198.51.100.${i & 255}` } }),
    (i) => ({ headers: { 'x-forwarded-for': `${i}`.repeat(2_000) } }),
  ];
  const spelled = (i: number): string => [email, email.toUpperCase(), ` ${email} `, `\t${email}`][i % 4] ?? email;

  it(`never passes the limit in ${TRIES} tries with every trick from 200 addresses, while the owner signs in and confirms throughout`, async () => {
    const startedAt = Date.now();
    const home = await openBrowser('127.0.0.1');
    expect((await home.signIn(PASSWORD)).status).toBe(200);
    const strangers = await Promise.all(Array.from({ length: 200 }, (_, i) => openBrowser(`127.0.1.${i + 1}`)));
    const statuses = new Map<number, number>();
    const attack = async (i: number) => {
      const { fields = [], headers = {} } = TRICKS[i % TRICKS.length]?.(i) ?? {};
      const sent = await strangers[(i * 7) % strangers.length]?.send(
        'callback/credentials',
        [...fields, ['email', spelled(i)], ['password', `guess ${i}`]],
        headers,
      );
      statuses.set(sent?.status ?? 0, (statuses.get(sent?.status ?? 0) ?? 0) + 1);
    };
    const live = async () => {
      home.forget();
      expect(await home.signIn(PASSWORD)).toMatchObject({ status: 200 });
      const { id } = await db.session.findFirstOrThrow({ where: { organizationId }, orderBy: { createdAt: 'desc' } });
      await makeStale(id);
      const headers = { cookie: home.cookie(), origin: 'http://127.0.0.1:3000' };
      expect((await call(CONFIRM, { method: 'POST', headers, body: { password: PASSWORD } })).status).toBe(204);
    };
    const AT_ONCE = 20;
    for (let begun = 0; begun < TRIES; begun += AT_ONCE) {
      await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => attack(begun + i)));
      if (begun % (TRIES / 5) < AT_ONCE) await live();
    }

    // Thirty at once, then one after 15 s, 30 s, 60 s and so on.
    const seconds = (Date.now() - startedAt) / 1000;
    const waited = Math.floor(Math.log2(seconds / 15 + 1)) + Math.floor(seconds / 300);
    const passed = await judged();
    expect(passed).toBeGreaterThanOrEqual(30);
    expect(passed).toBeLessThanOrEqual(30 + waited);
    expect([...statuses.keys()].sort()).toEqual([401, 422, 429]);
    if (process.env.REKEY_GUESSES) process.stdout.write(`${TRIES} tries in ${Math.round(seconds)} s: ${passed} judged; ${JSON.stringify([...statuses])}\n`);
  }, 600_000);

  it('from one address does not make the owner wait at another, known or not', async () => {
    const stranger = await openBrowser('127.0.2.1');
    await Promise.all(Array.from({ length: 101 }, (_, i) => stranger.signIn(`guess ${i}`)));
    expect(await judged()).toBe(10);
    expect((await (await openBrowser('127.0.2.2')).signIn(PASSWORD)).status).toBe(200);
  });

  it('states how many seconds to wait, and allows another try after them', async () => {
    const stranger = await openBrowser('127.0.2.3');
    await tenWrong(stranger);
    const stopped = await stranger.signIn(PASSWORD);
    expect(stopped).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect(Number(stopped.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(stopped.headers['retry-after'])).toBeLessThanOrEqual(15);
    expect(errorOf(stopped)).toBe(`rate_limited:${stopped.headers['retry-after']}`);
    await db.$executeRaw`UPDATE rate_limits SET window_began_at = window_began_at - interval '15 seconds'`;
    expect((await stranger.signIn('guess 11')).status).toBe(401);
    await db.$executeRaw`UPDATE rate_limits SET window_began_at = window_began_at - interval '29 seconds'`;
    expect((await stranger.signIn(PASSWORD)).status).toBe(429);
    await db.$executeRaw`UPDATE rate_limits SET window_began_at = window_began_at - interval '1 second'`;
    expect((await stranger.signIn(PASSWORD)).status).toBe(200);
  });

  it('on a device that another member knows counts as a stranger’s', async () => {
    const theirs = await openBrowser('127.0.2.4');
    const [mine, others] = [email, `${newId('usr').toLowerCase()}@example.com`];
    await db.user.create({ data: { id: newId('usr'), email: others, passwordHash, members: { create: { organizationId, role: 'viewer' } } } });
    email = others;
    expect((await theirs.signIn(PASSWORD)).status).toBe(200);
    email = mine;
    expect(await tenWrong(theirs)).toEqual(Array(10).fill(401));
    expect((await theirs.signIn(PASSWORD)).status).toBe(429);
    expect((await (await openBrowser('127.0.2.4')).signIn(PASSWORD)).status).toBe(429);
  });
});

it.each<[string, (token: string) => Promise<{ status: number }>]>([
  ['an invitation’s link', (token) => call(JOIN, { path: `/api/v1/join?token=${token}`, headers: from('127.0.3.1') })],
  ['joining', (token) => call(ACCEPT, { method: 'POST', body: { token, name: 'Eve', password: PASSWORD }, headers: from('127.0.3.2') })],
  ['the set-up’s link', (token) => call(SETUP, { path: `/api/v1/setup?token=${token}`, headers: from('127.0.3.3') })],
  ['the set-up', (token) => call(SET_UP, { method: 'POST', body: { token, organization: 'o', email, password: PASSWORD }, headers: from('127.0.3.4') })],
  [
    'a deployment’s variables',
    (token) => call(VARIABLES, { params: { deploymentId: newId('dpl') }, headers: { authorization: `Bearer ${token}`, ...from('127.0.3.5') } }),
  ],
])('nobody tries tokens of %s for long', async (_what, attempt) => {
  for (let i = 0; i < 60; i++) expect([401, 422]).toContain((await attempt(`guess${i}`)).status);
  expect((await attempt('guess')).status).toBe(429);
});
