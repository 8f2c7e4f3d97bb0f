import { request } from 'node:http';
import { expect, test } from './fixtures.ts';
import { METRICS_TOKEN } from './metrics-token.ts';

const nonceOf = (policy: string | undefined): string => /script-src 'self' 'nonce-([^']+)' 'strict-dynamic';/.exec(policy ?? '')?.[1] ?? '';

test('a page runs only its own scripts and cannot be framed', async ({ page }) => {
  const answers = [await page.goto('/'), await page.goto('/')];
  const [first, second] = answers.map((answer) => nonceOf(answer?.headers()['content-security-policy']));
  expect(first).not.toBe('');
  expect(second).not.toBe(first);
  expect(answers[0]?.headers()).toMatchObject({
    'strict-transport-security': 'max-age=31536000',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
  });
});

test.describe('an injected script', () => {
  test.use({ expectedConsole: [/Content Security Policy/] });
  test('does not run', async ({ page }) => {
    await page.goto('/');
    const ran = await page.evaluate(() => {
      const script = document.createElement('div');
      script.innerHTML = '<img src="x:" onerror="window.injected = true">';
      document.body.append(script);
      return new Promise((resolve) => {
        document.addEventListener('securitypolicyviolation', () => resolve('injected' in window), { once: true });
      });
    });
    expect(ran).toBe(false);
  });
});

test.describe('an injected style', () => {
  test.use({ expectedConsole: [/Content Security Policy/] });
  for (const [kind, html] of Object.entries({ element: '<style>body { color: rgb(1, 2, 3) }</style>', attribute: '<p style="color: rgb(1, 2, 3)">x</p>' })) {
    test(`does not apply (${kind})`, async ({ page }) => {
      await page.goto('/');
      const colors = await page.evaluate((html) => {
        const host = document.createElement('div');
        host.innerHTML = html;
        document.body.append(host);
        return [document.body, host.firstElementChild ?? host].map((element) => getComputedStyle(element).color);
      }, html);
      expect(colors).not.toContain('rgb(1, 2, 3)');
    });
  }
});

test('an answer of the API is neither kept nor framed', async ({ request }) => {
  const headers = (await request.get('/api/v1/me')).headers();
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
  });
});

test('the metrics are read with their token alone', async ({ playwright, request, baseURL }) => {
  const prometheus = await playwright.request.newContext({ baseURL, storageState: { cookies: [], origins: [] } });
  const answer = await prometheus.get('/metrics', { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
  expect(await answer.text()).toContain('\nrekey_workers_alive 1\n');
  expect(answer.headers()).toMatchObject({
    'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  });
  expect((await prometheus.get('/metrics')).status()).toBe(401);
  // The owner's session opens it no more than nobody's.
  expect((await request.get('/metrics')).status()).toBe(401);
  await prometheus.dispose();
});

/** DNS rebinding: a name of somebody else's that leads here, and a page of it that counts as of the same origin. */
test('a request to another host is refused and changes nothing', async ({ page, baseURL }) => {
  const headers = { host: 'evil.example:3190', origin: 'http://evil.example:3190' };
  const names = async () => (await (await page.request.get('/api/v1/projects')).json()).projects.map(({ name }: { name: string }) => name);
  const before = await names();
  const { projects } = await (await page.request.get('/api/v1/projects')).json();
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const ask = (path: string, method: string, body?: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const sent = request(new URL(path, baseURL), { method, headers: { ...headers, cookie, 'content-type': 'application/json' } }, (answer) =>
        resolve(answer.resume().statusCode),
      );
      sent.on('error', reject).end(body);
    });
  expect(await ask(`/api/v1/projects/${projects[0].id}`, 'PATCH', '{"name":"taken"}')).toBe(421);
  expect(await ask(`/api/v1/vector/sites`, 'GET')).toBe(421);
  expect(await ask('/api/auth/session', 'GET')).toBe(421);
  expect(await ask('/', 'GET')).toBe(421);
  expect(await names()).toEqual(before);
});

/** CVE-2025-29927: the header by which Next once let a request pass its own middleware. */
test('no header of Next lets in who is not signed in', async ({ playwright, baseURL }) => {
  const nobody = await playwright.request.newContext({ baseURL, storageState: { cookies: [], origins: [] } });
  const headers = { 'x-middleware-subrequest': 'middleware:middleware:middleware:middleware:middleware', 'x-nonce': 'mine' };
  expect((await nobody.get('/api/v1/me', { headers })).status()).toBe(401);
  expect((await nobody.get('/', { headers, maxRedirects: 0 })).headers().location).toBe('/signin');
  await nobody.dispose();
});

/** CVE-2025-55182: a server action's body that once was deserialised into code. This dashboard has no server actions. */
test('a forged server action is refused', async ({ playwright, baseURL }) => {
  const nobody = await playwright.request.newContext({ baseURL, storageState: { cookies: [], origins: [] } });
  const multipart = { 0: '{"then":"$1:__proto__:then","status":"resolved_model","reason":-1,"value":"{\\"then\\":\\"$B1\\"}"}', 1: '"$@0"' };
  const answer = await nobody.post('/signin', { headers: { 'next-action': 'x' }, multipart });
  expect(answer.status()).toBeGreaterThanOrEqual(400);
  expect(answer.status()).toBeLessThan(500);
  await nobody.dispose();
});
