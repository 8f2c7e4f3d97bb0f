// The program as a process of its own, against servers that record what reaches them.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import packageJson from '#package.json' with { type: 'json' };
import { freePort } from '#scripts/servers/free-port.ts';
import { makeCertificate } from '#scripts/testing/make-certificate.ts';

const ME = {
  organization: { id: 'org_1', name: 'Example Co', slug: 'example', created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' },
  principal: { auth_source: 'api_key', organization_id: 'org_1', scopes: [], is_admin: false },
};

let home: string;
const servers: http.Server[] = [];
const children: ChildProcess[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'rekey-cli-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(home, { recursive: true, force: true });
});

interface Recorder {
  port: number;
  requests: { path: string; key: string | undefined; userAgent: string | undefined; body: string }[];
}

/** Answers every request with `answer`, and keeps what was asked with which key. */
async function record(
  answer: (path: string) => { status?: number; headers?: Record<string, string>; body: unknown } = () => ({ body: ME }),
  tls?: { cert: string; key: string },
): Promise<Recorder> {
  const requests: Recorder['requests'] = [];
  const listener: http.RequestListener = async (request, response) => {
    const { url = '', headers } = request;
    requests.push({ path: url, key: headers.authorization, userAgent: headers['user-agent'], body: await readText(request) });
    const { status = 200, headers: more = {}, body } = answer(url);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, { 'content-type': typeof body === 'string' ? 'text/html' : 'application/json', ...more }).end(text);
  };
  const server = tls ? https.createServer(tls, listener) : http.createServer(listener);
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { port: (server.address() as AddressInfo).port, requests };
}

function start(
  args: string[],
  env: Record<string, string> = {},
): ChildProcess & { ended: Promise<{ code: number | null; signal: string | null; out: string; err: string }> } {
  const child = spawn(process.execPath, ['cli/rekey.mjs', ...args], {
    env: { NODE_ENV: 'test', PATH: process.env.PATH ?? '', HOME: home, XDG_CONFIG_HOME: home, ...env },
  });
  children.push(child);
  let [out, err] = ['', ''];
  child.stdout.on('data', (bytes) => {
    out += bytes;
  });
  child.stderr.on('data', (bytes) => {
    err += bytes;
  });
  // Not `exit`: the pipes close only when whatever it started has ended too.
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, out, err }));
  return Object.assign(child, { ended });
}

function run(args: string[], { env = {}, input = '' }: { env?: Record<string, string>; input?: string } = {}) {
  const child = start(args, env);
  child.stdin?.on('error', () => {}).end(input);
  return child.ended;
}

function save(settings: object): void {
  mkdirSync(join(home, 'rekey'), { recursive: true });
  writeFileSync(join(home, 'rekey/settings.json'), JSON.stringify(settings));
}
const saved = () => JSON.parse(readFileSync(join(home, 'rekey/settings.json'), 'utf8'));

it('sends a key only to the address of the same source', async () => {
  const [mine, other] = [await record(() => ({ body: { projects: [] } })), await record(() => ({ body: { projects: [] } }))];
  save({ url: `http://127.0.0.1:${mine.port}`, key: 'rk_live_saved', project: 'saved-project' });
  const otherUrl = `http://127.0.0.1:${other.port}`;
  expect(await run(['projects'], { env: { REKEY_URL: otherUrl } })).toMatchObject({ code: 2, err: expect.stringContaining('REKEY_API_KEY is not') });
  expect(await run(['projects'], { env: { REKEY_API_KEY: 'rk_live_env' } })).toMatchObject({ code: 2, err: expect.stringContaining('REKEY_URL is not') });
  expect([mine.requests, other.requests]).toEqual([[], []]);
  await run(['projects'], { env: { REKEY_URL: otherUrl, REKEY_API_KEY: 'rk_live_env' } });
  expect(other.requests).toMatchObject([{ key: 'Bearer rk_live_env', userAgent: `rekey-cli/${packageJson.version}` }]);
  // Nor does the saved project stand for one of the other server.
  expect((await run(['rotate'], { env: { REKEY_URL: otherUrl, REKEY_API_KEY: 'rk_live_env' } })).err).not.toContain('saved-project');
  expect(mine.requests).toEqual([]);
});

const at = '2026-11-01T00:00:00Z';
const PROJECT = {
  ...{ id: 'prj_1', organization_id: 'org_1', name: 'shop', slug: 'shop', environment: 'production', engine: 'postgresql', state: 'ready' },
  ...{ database_name: 'shop', role_name: 'shop_app', public_host: 'db', direct_port: 5432, pooled_port: null, pooled_host: null, ssl_mode: 'require' },
  ...{ last_error: null, latest_job_id: null, rotated_at: null, created_at: at, updated_at: at, sends_plaintext: false, server_version: null },
  ...{
    rotator_name: null,
    urls: { direct: 'postgresql://shop_app:@db/shop', pooled: null },
    rights: null,
    cannot_rotate: null,
    retiring: [],
    tags: {},
    policy: null,
  },
  ...{ site: null, protection: { text: null, direct: null, pooled: null, allows_md5: false, refused_keys: [] }, old_sessions: null },
  credential: { version: 1, direct_proven_at: null, pooled_proven_at: null, created_at: at },
  consumers: { total: 1, up_to_date: 0, waiting: 1, job_id: null },
};

it('warns before a rotation of what would be left with the old password', async () => {
  const job = {
    ...{ id: 'job_1', organization_id: 'org_1', project_id: 'prj_1', type: 'project.rotate_credentials', state: 'queued', attempts: 0, max_attempts: 6 },
    ...{ error: null, error_code: null, retry_classification: null, requested_by: 'key', created_at: at, claimed_at: null, claimed_by: null },
    ...{ started_at: null, completed_at: null, updated_at: at, rotation: null, sync: null, deployment: null },
  };
  const warnings = [{ code: 'integration_failing', message: 'Vercel, shop: could not update production.', project_id: 'prj_1', integration_id: 'int_1' }];
  const answers: Record<string, unknown> = {
    '/api/v1/projects': { projects: [PROJECT] },
    '/api/v1/projects/prj_1': { project: { ...PROJECT, warnings } },
    '/api/v1/projects/prj_1/credentials/rotate': { job, warnings },
  };
  const { port, requests } = await record((path) => ({ body: answers[path] }));
  const ended = await run(['rotate', 'shop'], { env: { REKEY_URL: `http://127.0.0.1:${port}`, REKEY_API_KEY: 'rk_live_env' } });
  expect(ended).toMatchObject({ code: 0, out: 'job_1\n', err: expect.stringContaining('Warning: Vercel, shop: could not update production.\n') });
  expect(requests.map(({ path }) => path)).toEqual(Object.keys(answers));
});

it('lists the projects of all pages', async () => {
  const { port, requests } = await record((path) => ({ body: { projects: [], ...(!path.includes('cursor') && { next_cursor: 'second page' }) } }));
  expect(await run(['projects', '--json'], { env: { REKEY_URL: `http://127.0.0.1:${port}`, REKEY_API_KEY: 'rk_live_env' } })).toMatchObject({ code: 0 });
  expect(requests.map(({ path }) => path)).toEqual(['/api/v1/projects', '/api/v1/projects?cursor=second%20page']);
});

it('never follows a redirect with the key', async () => {
  const other = await record();
  const first = await record(() => ({ status: 308, headers: { location: `http://127.0.0.1:${other.port}/api/v1/me` }, body: '' }));
  const { code, err } = await run(['login', `127.0.0.1:${first.port}`], { input: 'rk_live_1' });
  expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining(`redirects to http://127.0.0.1:${other.port}`) });
  expect(other.requests).toEqual([]);
});

it('takes an address without a scheme, and names what is wrong with others', async () => {
  const { port } = await record();
  expect(await run(['login', `localhost:${port}/`], { input: 'rk_live_1' })).toMatchObject({ code: 0 });
  expect(saved().url).toBe(`http://localhost:${port}`);
  for (const [address, problem] of [
    ['ftp://rekey.example.com', 'ftp:// is not HTTP'],
    ['https://me:secret@rekey.example.com', 'the address contains a user or password'],
    ['https://', 'this is not an address'],
  ] as const)
    expect(await run(['login', address], { input: 'rk_live_1' })).toMatchObject({ code: 2, err: expect.stringContaining(`url: ${problem}`) });
});

it('ends with the program when it is terminated', async () => {
  const { port, requests } = await record((path) => ({ body: path.includes('/me') ? ME : { audit_events: [] } }));
  save({ url: `http://127.0.0.1:${port}`, key: 'rk_live_1' });
  const child = start(['audit', 'tail', '--follow']);
  await vi.waitFor(() => expect(requests.length).toBeGreaterThan(1), { timeout: 15_000 });
  child.kill('SIGTERM');
  expect(await child.ended).toMatchObject({ code: null, signal: 'SIGTERM' });
});

it('says nothing when the reader of its output has gone', async () => {
  let go: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  const server = http.createServer(async (_, response) => {
    await gate;
    response.end(JSON.stringify({ projects: [] }));
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  save({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, key: 'rk_live_1' });
  const child = start(['projects', '--json']);
  await once(server, 'request');
  child.stdout?.destroy();
  go();
  expect(await child.ended).toMatchObject({ code: 0, err: '' });
});

it('trusts a certificate of its own after --ca, and says how where it is not trusted', async () => {
  const { certPem: cert, keyPem: key } = makeCertificate('localhost');
  const { port, requests } = await record(undefined, { cert, key });
  const ca = join(home, 'ca.pem');
  writeFileSync(ca, cert);
  const url = `https://localhost:${port}`;
  expect(await run(['login', url], { input: 'rk_live_1' })).toMatchObject({ code: 8, err: expect.stringMatching(/not trusted \(DEPTH_ZERO.*--ca FILE/) });
  expect(requests).toEqual([]);
  expect(await run(['login', url, '--ca', join(home, 'none.pem')], { input: 'k' })).toMatchObject({
    code: 2,
    err: expect.stringContaining('--ca: cannot read'),
  });
  expect(await run(['login', url, '--ca', ca], { input: 'rk_live_1' })).toMatchObject({ code: 0 });
  rmSync(ca);
  expect(await run(['keys'])).not.toMatchObject({ code: 8 });
  expect(requests.length).toBeGreaterThan(1);
});

it('goes through the proxy of the environment, except where NO_PROXY says so', async () => {
  const { port, requests } = await record();
  const reached: string[] = [];
  const proxy = http.createServer().on('connect', ({ url = '' }, socket: net.Socket) => {
    reached.push(url);
    const upstream = net.connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
  });
  servers.push(proxy);
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  const env = { HTTP_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
  expect(await run(['login', 'http://rekey.internal:3000'], { env, input: 'rk_live_1' })).toMatchObject({
    code: 0,
    err: expect.stringContaining('not encrypted'),
  });
  expect(reached).toEqual(['rekey.internal:3000']);
  expect(await run(['login', `127.0.0.1:${port}`], { env: { ...env, NO_PROXY: '127.0.0.1' }, input: 'rk_live_1' })).toMatchObject({ code: 0 });
  expect([reached.length, requests.length]).toEqual([1, 2]);
});

it('speaks of a terminal, not of a page', async () => {
  const { port } = await record(() => ({ status: 404, body: '<html>' }));
  const { code, err } = await run(['login', `127.0.0.1:${port}`], { input: 'rk_live_1' });
  expect({ code, err }).toEqual({ code: 4, err: expect.stringContaining(`http://127.0.0.1:${port} did not answer as Rekey does (HTTP 404)`) });
  const nobody = `http://127.0.0.1:${await freePort()}`;
  const closed = await run(['projects'], { env: { REKEY_URL: nobody, REKEY_API_KEY: 'k' } });
  expect(closed).toMatchObject({ code: 8, err: `Cannot connect to ${nobody} (ECONNREFUSED). Nothing was sent.\n` });
});

it('prints its version and completes commands and their choices', async () => {
  expect(await run(['--version'])).toMatchObject({ code: 0, out: `${packageJson.version}\n` });
  expect((await run(['complete', 'bash'])).out).toContain('rekey complete --');
  expect((await run(['complete', '--', 'ro'])).out).toMatch(/^rotate\t/m);
  expect((await run(['complete', '--', 'rotate', '--reason', ''])).out).toMatch(/^compromise/m);
});

it('refuses a key that cannot be one before anything is sent, and says what to do about one that is not valid', async () => {
  const { port, requests } = await record(() => ({
    status: 401,
    body: {
      type: 'urn:rekey:problem:unauthenticated',
      title: 'Unauthorized',
      status: 401,
      code: 'unauthenticated',
      detail: 'No such key.',
      error: 'No such key.',
      request_id: 'req_1',
    },
  }));
  for (const [input, problem] of [
    ['\n', 'standard input: the API key is empty'],
    ['rk_live_1\nrk_live_2', 'standard input: an API key is one word'],
    ['“rk_live_1”', 'standard input: an API key is one word'],
  ] as const)
    expect(await run(['login', `127.0.0.1:${port}`], { input })).toMatchObject({ code: 2, err: expect.stringContaining(problem) });
  expect(requests).toEqual([]);
  expect(await run(['login', `127.0.0.1:${port}`], { input: 'rk_live_1' })).toMatchObject({ code: 3, err: expect.stringContaining('Run `rekey login`') });
});

it('creates, lists and assigns policies in the words of the API', async () => {
  const policy = {
    ...{ id: 'pol_1', organization_id: 'org_1', name: 'Monthly', max_age_days: 30, cron: null, time_zone: 'Europe/Berlin', blackouts: [] },
    ...{
      windows: [{ days: ['sun', 'wed'], from: '22:00', to: '01:00' }],
      spread: true,
      close_sessions: false,
      grace_hours: null,
      run_when_back: false,
      notify: [],
    },
    ...{ tag_rule: [{ key: 'env', value: 'production', is_not: false }], is_default: false, paused_at: null, paused_by: null, logins: 3, overdue: 0 },
    ...{ next_run_at: '2026-12-06T21:00:00Z', missed: null, last_run: null, created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' },
  };
  const { port, requests } = await record((path) => ({
    body: path.endsWith('/me') ? ME : { policy, policies: [policy], logins: 4, without_policy: 1 },
  }));
  save({ url: `http://127.0.0.1:${port}`, key: 'rk_live_1' });
  const listed = await run(['policy', 'list']);
  expect(listed).toMatchObject({ code: 0, err: '1 of 4 logins have no policy.\n' });
  expect(listed.out).toContain('Monthly  Before 30 days, Wed and Sun 22:00–01:00, Europe/Berlin  3       2026-12-06T21:00:00Z  env=production');
  const created = await run(['policy', 'create', 'Monthly', '--max-age', '30', '--window', 'sun,wed 22:00-01:00', '--time-zone', 'Europe/Berlin']);
  expect(created).toMatchObject({ code: 0, out: 'pol_1\n', err: expect.stringContaining('Nothing rotates now') });
  expect(await run(['policy', 'create', 'x', '--window', 'sunday 22:00'])).toMatchObject({ code: 2, err: expect.stringContaining('write days and hours') });
  expect(await run(['policy', 'create', 'x', '--max-age', '3', '--cron', '0 1 * * *'])).toMatchObject({ code: 2 });
  expect(await run(['policy', 'pause', 'Nightly'])).toMatchObject({ code: 4, err: expect.stringContaining('Name one of: Monthly') });
  expect(await run(['policy', 'pause', 'Monthly'])).toMatchObject({ code: 0 });
  expect(requests.at(-1)?.path).toBe('/api/v1/organizations/org_1/policies/pol_1');
});

const CAMPAIGN = {
  ...{ id: 'cmp_1', organization_id: 'org_1', name: 'CI log leak', state: 'running', stopped_because: null, reason: 'compromise', note: null },
  ...{ close_sessions: false, canary: 1, waves: [25], at_once: 24, at_once_per_server: 8, stop_failures: null, stop_share: 5, wave: 1, last_wave: 2 },
  ...{ consumers_waiting: 0, started_by: 'key', changed_by: null, created_at: at, updated_at: at, finished_at: null },
  progress: { total: 8, rotated: 1, failed: 0, skipped: 0, running: 2, in_doubt: 0, waiting: 5 },
};

it('starts a campaign, follows it to where it stops, and pauses one by its name', async () => {
  const stopped = {
    ...CAMPAIGN,
    state: 'stopped',
    stopped_because: 'too_many_failures',
    progress: { ...CAMPAIGN.progress, failed: 1, running: 0, waiting: 6 },
  };
  let asked = 0;
  const { port, requests } = await record((path) => {
    if (/campaigns\/cmp_1$/.test(path)) return { body: { campaign: asked++ === 0 ? CAMPAIGN : stopped, stages: [], servers: [], consumers: [] } };
    return { body: { campaign: CAMPAIGN, campaigns: [CAMPAIGN] } };
  });
  save({ url: `http://127.0.0.1:${port}`, key: 'rk_live_1' });
  const options = ['--tag', 'team=shop', '--canary', '1', '--waves', '25', '--stop-at', '5%', '--reason', 'compromise'];
  expect(await run(['campaign', 'start', 'CI log leak', ...options])).toMatchObject({ code: 0, out: 'cmp_1\n' });
  const body = { name: 'CI log leak', filter: { tag: 'team=shop' }, canary: 1, waves: [25], stop_share: 5, stop_failures: null, reason: 'compromise' };
  expect(JSON.parse(requests.at(-1)?.body ?? '')).toEqual(body);
  const waited = await run(['campaign', 'start', 'CI log leak', ...options, '--wait']);
  expect(waited).toMatchObject({ code: 6, err: expect.stringContaining('CI log leak: stopped, 1 of 8 rotated, 1 failed, 6 not started.') });
  expect(waited.err).toContain('CI log leak: running, wave 1 of 2, 1 of 8 rotated, 2 in progress, 5 not started. …');
  expect(await run(['campaign', 'pause', 'CI log leak'])).toMatchObject({ code: 0 });
  expect(requests.at(-1)).toMatchObject({ path: '/api/v1/campaigns/cmp_1/pause' });
  expect(await run(['campaign', 'pause', 'Another'])).toMatchObject({ code: 4, err: expect.stringContaining('There is no campaign Another') });
  expect((await run(['campaign', 'list'])).out).toContain('cmp_1     running  1        0       8');
  const before = requests.length;
  expect(await run(['campaign', 'start', 'x'])).toMatchObject({ code: 2, err: expect.stringContaining('Which logins?') });
  expect(await run(['campaign', 'start', 'x', '--all', '--project', 'prj_1'])).toMatchObject({ code: 2 });
  expect(requests).toHaveLength(before);
});

it('rotates all projects with a tag as a campaign', async () => {
  const done = { ...CAMPAIGN, state: 'completed', progress: { ...CAMPAIGN.progress, rotated: 8, running: 0, waiting: 0 } };
  const { port, requests } = await record(() => ({ body: { campaign: done, stages: [], servers: [], consumers: [] } }));
  save({ url: `http://127.0.0.1:${port}`, key: 'rk_live_1' });
  const ended = await run(['rotate', '--tag', 'team=shop', '--wait', '--reason', 'routine']);
  expect(ended).toMatchObject({ code: 0, err: expect.stringContaining('completed, 8 of 8 rotated.') });
  expect(requests[0]).toMatchObject({
    path: '/api/v1/campaigns',
    body: JSON.stringify({ name: 'Projects with team=shop', filter: { tag: 'team=shop' }, reason: 'routine' }),
  });
  expect(await run(['rotate', 'shop', '--tag', 'team=shop'])).toMatchObject({ code: 2 });
});

it('lists and ends the sessions on the old password, and never all of them unasked', async () => {
  const project = { ...PROJECT, old_sessions: { count: 3, counted_at: at, job_id: 'job_9' } };
  const { port, requests } = await record((path) => ({
    body: path.endsWith('/end')
      ? { ended: 2, left: 1 }
      : path.includes('old-sessions')
        ? { sessions: [{ application: 'psql', address: '10.0.9.31', count: 2, since: at, is_own: false }], total: 2 }
        : { projects: [project] },
  }));
  save({ url: `http://127.0.0.1:${port}`, key: 'rk_live_1' });
  expect((await run(['sessions', 'list', 'shop'])).out).toContain(`psql         10.0.9.31  2         ${at}`);
  const before = requests.length;
  expect(await run(['sessions', 'end', 'shop'])).toMatchObject({ code: 2, err: expect.stringContaining('--all') });
  expect(await run(['sessions', 'end', 'shop', '--all', '--address', '10.0.9.31'])).toMatchObject({ code: 2 });
  expect(await run(['sessions', 'end', 'shop', '--application', 'psql'])).toMatchObject({ code: 2 });
  expect(requests).toHaveLength(before);
  const one = await run(['sessions', 'end', 'shop', '--application', 'psql', '--address', '10.0.9.31']);
  expect(one).toMatchObject({ code: 0, err: '2 ended, 1 left on the old password.\n' });
  expect(requests.at(-1)).toMatchObject({ path: '/api/v1/jobs/job_9/old-sessions/end', body: JSON.stringify({ application: 'psql', address: '10.0.9.31' }) });
});
