// The whole way of a newcomer: from the set-up link to a second factor, each with the words that lead on.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { TOTP } from 'otpauth';
import { type MariadbTarget, startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { startFakeVercel, type VercelFake } from '#scripts/testing/fake-vercel.ts';
import { type Receiver, startReceiver } from '#scripts/testing/receiver.ts';
import { expect, test } from './fixtures.ts';
import { type OwnRekey, startOwnRekey } from './own-rekey.ts';
import { OWNER } from './owner.ts';
import { tryUrl } from './project.ts';

test.use({ storageState: { cookies: [], origins: [] }, viewport: { width: 1440, height: 900 }, actionTimeout: 30_000 });
test.setTimeout(240_000);

const MEMBER = { email: 'second@example.com', password: 'a sentence of the second member' };
const SECONDS_TO_ROTATED = 120;
const DECISIONS_TO_ROTATED = 8;

let server: TestTarget;
let maria: MariadbTarget;
let vercel: VercelFake;
let receiver: Receiver;
let rekey: OwnRekey;
let folder: string;
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rekey-site-'));
  [server, maria, vercel, receiver] = await Promise.all([startTarget({ pooler: 'auth_query' }), startMariadbTarget(), startFakeVercel(), startReceiver()]);
  rekey = await startOwnRekey({ REKEY_VERCEL_API_URL: vercel.url });
});
test.afterAll(async () => {
  await rekey?.stop();
  await Promise.all([server?.stop(), maria?.stop(), vercel?.stop(), receiver?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

/** The statements that the README gives for MariaDB, with a password of the reader's own. */
const rotatorStatements = (password: string): string[] =>
  (/On MariaDB[^`]*```sql\n([^`]+)```/.exec(readFileSync('README.md', 'utf8'))?.[1] ?? '')
    .split('\n')
    .map((line) => line.replace(/--.*/, '').replace("'secret'", `'${password}'`).trim().replace(/;$/, ''))
    .filter(Boolean);

test('a newcomer rotates an own database within two minutes, and then sets up all the rest', async ({ page, browser }) => {
  const decisions: string[] = [];
  /** What a person has to know or choose; a press that sends a filled form is none. */
  const decide = async (what: string, act: Promise<void>) => {
    await act;
    decisions.push(what);
  };
  const field = (within: Page | Locator, name: string) => within.getByRole('textbox', { name });
  const press = (within: Page | Locator, name: string | RegExp) => within.getByRole('button', { name }).first().click();
  const dialog = page.getByRole('dialog');

  const startedAt = Date.now();
  await page.goto(rekey.setUpUrl);
  await decide('the organization', field(page, 'Organization').fill('Example Co'));
  await decide('the email', field(page, 'Your email').fill(OWNER.email));
  await decide('the password', field(page, 'Password').fill(OWNER.password));
  await press(page, 'Create the owner');
  await expect(page.getByText('Paste the connection URL your application uses.')).toBeVisible();
  const login = await server.createLogin('shop_app');
  await decide('to add a pooler', page.getByRole('link', { name: 'Add it with a pooler, a rotator or a certificate' }).click());
  await expect(page.getByRole('heading', { level: 1, name: 'Add a database' })).toBeVisible();
  await decide('the connection URL', field(page, 'Connection URL').fill(server.urlOf(login)));
  await decide('the pooled URL', field(page, 'Pooled URL').fill(server.urlOf(login, 'pooled')));
  const name = await field(page, 'Name').inputValue();
  expect(name).toBe('postgres');
  await press(page, 'Add the database');
  await expect(page.getByText('The password you entered works.')).toBeVisible();
  await expect(page.getByText('Rotating works')).toBeVisible();
  await decide('to rotate', press(page, 'Rotate Credentials'));
  await expect(dialog.getByText('The old password works until the new one has logged in. If that fails, the old one stays.')).toBeVisible();
  await decide('that it is production', field(dialog, `Type ${name} to rotate in production`).fill(name));
  await press(dialog, 'Rotate Credentials');
  await expect(page.getByRole('status').getByText('Only the new password works.')).toBeVisible();
  const seconds = (Date.now() - startedAt) / 1000;
  const walked = `${seconds.toFixed(1)} s and ${decisions.length} decisions from the set-up link to a rotated database: ${decisions.join(', ')}`;
  test.info().annotations.push({ type: 'newcomer', description: walked });
  process.stdout.write(`${walked}\n`);
  expect(seconds).toBeLessThan(SECONDS_TO_ROTATED);
  expect(decisions.length).toBeLessThanOrEqual(DECISIONS_TO_ROTATED);
  for (const endpoint of ['direct', 'pooled'] as const) expect(await tryUrl(server.urlOf(login, endpoint))).not.toBe('accepted');

  // Nobody holds the URL yet: the page says so and leads to the consumers.
  await expect(page.getByText('Give v2 to what uses this URL')).toBeVisible();
  await page.getByRole('link', { name: 'Write down who uses it' }).click();
  await expect(page.getByRole('region', { name: 'Consumers' })).toBeVisible();

  await test.step('an own MariaDB site, with the rotator of the README', async () => {
    for (const statement of rotatorStatements('of the reader')) await maria.sql(statement);
    const dev = await maria.createLogin('bakery_dev');
    const prod = await maria.createLogin('bakery_prod');
    const rotator = new URL(maria.urlOf(dev));
    Object.assign(rotator, { username: 'rotator', password: 'of the reader' });
    const config = join(folder, 'wp-config.php');
    writeFileSync(config, `<?php\ndefine( 'DB_USER', 'bakery_dev' );\ndefine( 'DB_PASSWORD', '${dev.password.reveal()}' );\n`);
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Sites' }).click();
    await expect(page.getByText('A site is a website with a database for development and one for each environment.')).toBeVisible();
    await press(page, 'Add a site');
    await field(dialog, 'Customer').fill('cust_4417');
    await field(dialog, 'Domain').fill('north-bakery.example.com');
    await field(dialog, 'Connection URL').fill(maria.urlOf(dev));
    await field(dialog, 'Rotator URL').fill(rotator.href);
    await field(dialog, 'wp-config.php or .env').fill(config);
    await press(dialog, 'Add the site');
    await expect(page.getByRole('heading', { level: 1, name: 'north-bakery.example.com' })).toBeVisible();
    const development = page.getByRole('region', { name: 'Development' });
    await expect(development.getByText('The password you entered works.')).toBeVisible();
    await press(development, 'Reset password');
    await press(dialog, 'Reset password');
    await expect(dialog.getByText('Only the new password works.')).toBeVisible();
    await expect(dialog.getByText(`${config} was updated`)).toBeVisible();
    await press(dialog, 'I have stored it');

    await press(page, 'Add an environment');
    await field(dialog, 'Name').fill('Production');
    await expect(dialog.getByRole('switch', { name: 'Visitors are served from here' })).toBeChecked();
    await field(dialog, 'Connection URL').fill(maria.urlOf(prod));
    await field(dialog, 'Rotator URL').fill(rotator.href);
    await press(dialog, 'Add the environment');
    const production = page.getByRole('region', { name: 'Production' });
    await expect(production.getByText('The password you entered works.')).toBeVisible();
    await press(production, 'Reset password');
    await press(dialog, 'Reset password');
    await expect(dialog.getByText('Both passwords work.')).toBeVisible();
    await press(dialog, 'I have stored it');
    await expect(production.getByText('Both passwords work.')).toBeVisible();
    await page.screenshot({ path: 'test-results/screens/newcomer-site.png', fullPage: true });
    await press(production, 'Deploy, then end v1');
    await press(dialog, 'Mark as deployed');
    await expect(production.getByText('deployment 1 with v2', { exact: false })).toBeVisible();
  });

  await test.step('a member', async () => {
    await page.goto(`${rekey.url}/settings/members`);
    await press(page, 'Invite');
    await field(dialog, 'Email').fill(MEMBER.email);
    await dialog.getByRole('radio', { name: /^Viewer/ }).click();
    await press(dialog, 'Create the link');
    const notice = page.getByRole('status').filter({ hasText: 'It is shown only once, and works once.' });
    const link = (await notice.getByText(/\/join\?token=/).textContent()) ?? '';
    await press(notice, 'I have copied it');
    const theirs = await browser.newContext({ storageState: { cookies: [], origins: [] } });
    const them = await theirs.newPage();
    await them.goto(link);
    await expect(them.getByText(`${OWNER.email} invites you to Example Co as viewer.`)).toBeVisible();
    await field(them, 'Your name').fill('Second');
    await field(them, 'Password').fill(MEMBER.password);
    await press(them, 'Join');
    await expect(them.getByRole('navigation', { name: 'Main' }).getByRole('link', { name })).toBeVisible();
    await theirs.close();
    await expect(page.getByRole('list', { name: 'Members' }).getByRole('listitem').filter({ hasText: MEMBER.email })).toBeVisible();
  });

  await test.step('an API key', async () => {
    await page.goto(`${rekey.url}/settings/api-keys`);
    await press(page, 'New key');
    await field(dialog, 'Name').fill('nightly');
    await press(dialog, 'Create the key');
    const notice = page.getByRole('status').filter({ hasText: 'It is shown only once.' });
    const key = (await notice.getByText(/^rk_live_/).textContent()) ?? '';
    await press(notice, 'I have stored it');
    const answer = await fetch(`${rekey.url}/api/v1/projects`, { headers: { authorization: `Bearer ${key}` } });
    expect((await answer.json()).projects.map((project: { name: string }) => project.name)).toContain(name);
  });

  await test.step('a webhook to a private receiver: the page gives the setting, and with it the receiver is called', async () => {
    await page.goto(`${rekey.url}/settings/webhooks`);
    await press(page, 'Add endpoint');
    await field(dialog, 'URL').fill(receiver.url);
    await press(dialog, 'Add the endpoint');
    await expect(dialog.getByText('Saved, and it will not be called yet.')).toBeVisible();
    const warning = (await dialog.getByText(/To allow it, set REKEY_OUTBOUND_ALLOW=/).textContent()) ?? '';
    expect(warning).toContain('is not a public address');
    expect(warning).toContain('restart');
    const [, setting = '', value = ''] = /(REKEY_OUTBOUND_ALLOW)=(\S+)/.exec(warning) ?? [];
    await press(dialog, 'I have stored it');
    await page.goto('about:blank');
    await rekey.restart({ [setting]: value });
    await page.goto(`${rekey.url}/settings/webhooks`);
    const deliveries = page.getByRole('region', { name: /^Deliveries to/ });
    await press(deliveries, 'Send a test');
    await expect(deliveries.getByRole('row', { name: /Delivered webhook\.test/ })).toBeVisible();
    expect(receiver.received.length).toBeGreaterThan(0);
  });

  await test.step('an integration, which a rotation updates', async () => {
    await page.goto(rekey.url);
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click();
    await page.getByRole('navigation', { name: 'Project' }).getByRole('link', { name: 'Settings' }).click();
    await press(page, 'Connect Vercel');
    await field(dialog, 'Token').fill(vercel.token);
    await press(dialog, 'List the projects');
    await expect(dialog.getByText('The current password is written there at once')).toBeVisible();
    await press(dialog, 'Connect Vercel');
    const row = page.locator('#integrations').getByRole('listitem').filter({ hasText: 'Vercel · shop' });
    await expect(row.getByText('Sent, not readable')).toBeVisible();
    const before = vercel.held(vercel.place.externalId, 'production').DATABASE_URL;
    await page.getByRole('button', { name: 'Rotate Credentials' }).first().click();
    await expect(dialog.getByRole('region', { name: 'Updated automatically' })).toContainText('Vercel · shop');
    await field(dialog, `Type ${name} to rotate in production`).fill(name);
    await press(dialog, 'Rotate Credentials');
    await expect(page.getByRole('status').getByText('Only the new password works.')).toBeVisible();
    await expect.poll(() => vercel.held(vercel.place.externalId, 'production').DATABASE_URL).not.toBe(before);
    expect(await tryUrl(vercel.held(vercel.place.externalId, 'production').DATABASE_URL ?? '')).toBe('accepted');
    await expect.poll(() => receiver.received.some(({ body }) => body.includes('credentials.rotated'))).toBe(true);
    vercel.link(vercel.place.externalId, { type: 'github', productionBranch: 'main', repoId: 1 });
    await expect(page.getByText('1 thing left to do')).toBeVisible();
    await press(page, 'Redeploy');
    await expect(page.getByText('a redeployment has started')).toBeVisible();
    await page.screenshot({ path: 'test-results/screens/newcomer-rotation.png', fullPage: true });
    await page.emulateMedia({ media: 'print' });
    await page.screenshot({ path: 'test-results/screens/newcomer-print.png', fullPage: true });
    await page.emulateMedia({ media: 'screen' });
  });

  await test.step('the audit log, taken away', async () => {
    await page.goto(`${rekey.url}/audit`);
    await press(page, 'Verify now');
    await expect(page.getByText(/Chain verified to/)).toBeVisible();
    await press(page, 'Export');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: /^CSV/ }).click()]);
    const csv = readFileSync(await download.path(), 'utf8');
    for (const action of ['project.credentials_rotated', 'member.invited', 'api_key.created', 'webhook.created', 'project.integration_connected'])
      expect(csv).toContain(action);
  });

  await test.step('a second factor', async () => {
    await page.goto(`${rekey.url}/account`);
    await press(page, 'Turn on');
    const secret = ((await dialog.getByText(/^[A-Z2-7]{4}( [A-Z2-7]{4}){7}$/).textContent()) ?? '').replaceAll(' ', '');
    await field(dialog, 'Code').fill(new TOTP({ secret }).generate());
    await press(dialog, 'Turn on');
    await expect(dialog.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')).toHaveCount(10);
    await press(dialog, 'I have stored them');
    await expect(page.getByText('10 recovery codes are left')).toBeVisible();
  });

  await page.goto(rekey.url);
  await expect(page.getByRole('heading', { level: 1, name: 'Nothing needs a person' })).toBeVisible();
});
