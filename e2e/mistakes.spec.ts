// Every mistake that a person makes in the first hour. Each answer names the next step, and nothing has to be deleted.
import type { Locator, Page } from '@playwright/test';
import pg from 'pg';
import { connectionsAnswer, projectList } from '#lib/contract/project.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { expect, test } from './fixtures.ts';
import { type OwnRekey, startOwnRekey } from './own-rekey.ts';
import { OWNER } from './owner.ts';
import { tryUrl } from './project.ts';

// The browser logs each request that a mistake has refused.
test.use({
  storageState: { cookies: [], origins: [] },
  viewport: { width: 1440, height: 900 },
  actionTimeout: 30_000,
  expectedConsole: [/status of 4(01|03|09|22)/],
});
test.setTimeout(240_000);

let server: TestTarget;
let rekey: OwnRekey;
test.beforeAll(async () => {
  [server, rekey] = await Promise.all([startTarget(), startOwnRekey()]);
});
test.afterAll(() => Promise.all([server?.stop(), rekey?.stop()]));

const mistype = (url: string) => Object.assign(new URL(url), { password: 'mistyped' }).href;
const field = (within: Page | Locator, name: string) => within.getByRole('textbox', { name });
const press = (within: Page | Locator, name: string | RegExp) => within.getByRole('button', { name }).first().click();

test('every mistake of the first hour is answered with the next step, and ends in a project that works', async ({ page }) => {
  const dialog = page.getByRole('dialog');
  const status = page.getByRole('status');
  const steps = page.getByRole('status', { name: 'Connection test' });
  const projects = async () => projectList.parse(await (await page.request.get(`${rekey.url}/api/v1/projects`)).json()).projects;
  const login = await server.createLogin('shop_app');
  const right = server.urlOf(login);

  await test.step('a mistyped password is found before anything is saved', async () => {
    await page.goto(rekey.setUpUrl);
    await field(page, 'Organization').fill('Example Co');
    await field(page, 'Your email').fill(OWNER.email);
    await field(page, 'Password').fill('short');
    await press(page, 'Create the owner');
    await expect(page.getByText('Use 12 characters or more.')).toBeVisible();
    await field(page, 'Password').fill(OWNER.password);
    await press(page, 'Create the owner');
    await expect(page.getByText('Paste the connection URL your application uses.')).toBeVisible();

    await press(page, 'Check the login');
    await expect(page.getByText('Paste the connection URL.')).toBeVisible();
    await field(page, 'Connection URL').fill(mistype(right));
    await press(page, 'Check the login');
    await expect(steps.getByText('The server rejected this user and password. Check both in the URL.')).toBeVisible();
    await expect(steps.getByText('The database was not added: the login failed.')).toBeVisible();
    await page.screenshot({ path: 'test-results/screens/mistakes-connection-test.png' });
    expect(await projects()).toEqual([]);
  });

  await test.step('who insists keeps it, and the second try offers to fix that project', async () => {
    await press(page, 'Add it anyway');
    await expect(page.getByRole('heading', { level: 1, name: 'postgres' })).toBeVisible();
    await expect(page.getByRole('alert').filter({ hasText: 'rejected' }).first()).toBeVisible();
    await page.goto(`${rekey.url}/projects/new`);
    await field(page, 'Connection URL').fill(right);
    await press(page, 'Add the database');
    await expect(page.getByText(/keeps this login/).first()).toBeVisible();
    await press(page, 'Fix postgres');
    await expect(page.getByText('The current password works.')).toBeVisible();
    await expect(page.getByText('Rotating now would stop at preflight')).toBeHidden();
    expect(await projects()).toHaveLength(1);
  });

  await test.step('a URL that is repaired wrongly is tested first, and the login that works is kept', async () => {
    await page.getByRole('navigation', { name: 'Project' }).getByRole('link', { name: 'Settings' }).click();
    await press(page, 'Change URL');
    await field(dialog, 'Connection URL').fill(mistype(right));
    await press(dialog, 'Change URL');
    await expect(dialog.getByText('The URL was not changed: the login failed.')).toBeVisible();
    await press(dialog, 'Cancel');
    await page.getByRole('navigation', { name: 'Project' }).getByRole('link', { name: 'Connections' }).click();
    await expect(page.getByText('The current password works.')).toBeVisible();
  });

  await test.step('without a worker nothing is sent, and the rotation is canceled', async () => {
    await rekey.pauseWorker();
    await press(page, 'Rotate Credentials');
    await field(dialog, 'Type postgres to rotate in production').fill('postgres');
    await press(dialog, 'Rotate Credentials');
    await expect(page.getByText('Nothing has been sent: no worker is running.')).toBeVisible();
    await expect(page.getByText('npm run worker').first()).toBeVisible();
    await press(page, 'Cancel the rotation');
    await expect(page.getByText(/canceled/).first()).toBeVisible();
    rekey.resumeWorker();
    await expect(page.getByText('No worker is running.')).toBeHidden();
    expect(await tryUrl(right)).toBe('accepted');
  });

  await test.step('what was typed outlasts a session that ends, and Esc does not lose what is shown once', async () => {
    await page.goto(`${rekey.url}/settings/api-keys`);
    await press(page, 'New key');
    await field(dialog, 'Name').fill('nightly');
    await rekey.sql('UPDATE sessions SET revoked_at = now()');
    // It asks by itself, over the dialog.
    const again = page.getByRole('dialog', { name: 'Your session has ended' });
    await field(again, `Password of ${OWNER.email}`).fill(OWNER.password);
    await press(again, 'Sign in');
    await expect(again).toBeHidden();
    await expect(field(dialog, 'Name')).toHaveValue('nightly');
    await press(dialog, 'Create the key');
    const notice = status.filter({ hasText: 'It is shown only once.' });
    await expect(notice.getByText(/^rk_live_/)).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(notice.getByText(/^rk_live_/)).toBeVisible();
    await press(notice, 'I have stored it');

    // With nothing typed, the page goes to sign in by itself, which says why and leads back.
    await rekey.sql('UPDATE sessions SET revoked_at = now()');
    await expect(page.getByText('Your session has ended.')).toBeVisible();
    await field(page, 'Email').fill(OWNER.email);
    await field(page, 'Password').fill(OWNER.password);
    await press(page, 'Sign in');
    await expect(page).toHaveURL(/\/settings\/api-keys$/);
  });

  await test.step('a private receiver is saved with the setting that it needs, and its secret outlasts Esc', async () => {
    await page.goto(`${rekey.url}/settings/webhooks`);
    await press(page, 'Add endpoint');
    await field(dialog, 'URL').fill('http://10.1.2.3:9000/rekey');
    await press(dialog, 'Add the endpoint');
    await expect(dialog.getByText('Saved, and it will not be called yet.')).toBeVisible();
    await expect(dialog.getByText(/set REKEY_OUTBOUND_ALLOW=10\.1\.2\.3\/32 for the web server and the workers, and restart them/)).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(dialog.getByText(/^whsec_/)).toBeVisible();
    await press(dialog, 'I have stored it');
  });

  await test.step('the next rotation leads on to the new URL, and old sessions are ended from its page', async () => {
    const session = new pg.Client({ connectionString: right, application_name: 'the application' });
    const ended = new Promise((resolve) => session.on('error', resolve));
    await session.connect();
    const [project] = await projects();
    await page.goto(`${rekey.url}/projects/${project?.id}/connections`);
    await press(page, 'Rotate Credentials');
    await field(dialog, 'Type postgres to rotate in production').fill('postgres');
    await press(dialog, 'Rotate Credentials');
    await expect(status.getByText('Only the new password works.')).toBeVisible();
    await expect(page.getByText(/^Give v\d+ to what uses this URL$/)).toBeVisible();
    await expect(page.getByRole('button', { name: 'Copy the direct URL' })).toBeVisible();
    const old = page.getByRole('region', { name: 'On the old password' });
    await expect(old.getByText('the application', { exact: true })).toBeVisible();
    await press(old, 'End all');
    await press(dialog, /^End/);
    await ended;
    await expect(old.getByText('the application', { exact: true })).toBeHidden();
  });

  await test.step('the audit log finds what needs attention, and a routine question is not among it', async () => {
    const [project] = await projects();
    await page.goto(`${rekey.url}/projects/${project?.id}/connections`);
    await rekey.sql(`UPDATE sessions SET verified_at = now() - interval '6 minutes'`);
    await press(page, 'Reveal direct URL');
    const confirm = page.getByRole('dialog', { name: 'Confirm it is you' });
    await field(confirm, `Password of ${OWNER.email}`).fill(OWNER.password);
    await press(confirm, 'Confirm');
    await expect(page.getByRole('timer', { name: 'Hidden again in' })).toBeVisible();
    await page.goto(`${rekey.url}/audit`);
    await page.getByLabel('Outcome').selectOption('needs attention');
    await expect(page).toHaveURL(/outcome=needs_attention/);
    await expect(page.getByText(/could not log in with the current password of shop_app/).first()).toBeVisible();
    await expect(page.getByText('was prompted for the password')).toHaveCount(0);
    await page.getByLabel('Outcome').selectOption('');
    await expect(page.getByText('was prompted for the password').first()).toBeVisible();
  });

  const [project, ...others] = await projects();
  expect(others).toEqual([]);
  const { connections } = connectionsAnswer.parse(await (await page.request.get(`${rekey.url}/api/v1/projects/${project?.id}/connections`)).json());
  expect(await tryUrl(connections.direct_url)).toBe('accepted');
  expect(await tryUrl(right)).toBe('28P01');
});
