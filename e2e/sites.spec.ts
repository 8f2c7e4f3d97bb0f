import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { Secret } from '#lib/crypto/secret.ts';
import { type MariadbTarget, startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { startReceiver } from '#scripts/testing/receiver.ts';
import { checkScreen } from './check-screen.ts';
import { expect, test } from './fixtures.ts';
import { tryUrl } from './project.ts';

test.setTimeout(180_000);

let server: TestTarget;
let maria: MariadbTarget;
test.beforeAll(async () => {
  [server, maria] = await Promise.all([startTarget(), startMariadbTarget()]);
});
test.afterAll(() => Promise.all([server.stop(), maria.stop()]));

// The browser logs that PostgreSQL keeps one password alone, and that a site is gone where the page hears of it before it is left.
test.use({ expectedConsole: [/status of 422|status of 404.*\/(?:vector\/(?:sites|environments)|projects)\//] });

test('a site is added, its development database reset, an environment added, given a secret and deployed', async ({ page }) => {
  const [dev, prod] = [await server.createLogin('site_dev'), await server.createLogin('site_prod')];
  const dialog = page.getByRole('dialog');
  await page.goto('/');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Sites' }).click();
  await page.getByRole('button', { name: 'Add a site' }).click();
  await dialog.getByRole('textbox', { name: 'Customer' }).fill('cust_4417');
  await dialog.getByRole('textbox', { name: 'Connection URL' }).fill('nonsense');
  await dialog.getByRole('button', { name: 'Add the site' }).click();
  await expect(dialog.getByRole('textbox', { name: 'Connection URL' })).toHaveAttribute('aria-invalid', 'true');
  await dialog.getByRole('textbox', { name: 'Connection URL' }).fill(server.urlOf(dev));
  await dialog.getByRole('button', { name: 'Add the site' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'cust_4417' })).toBeVisible();

  const development = page.getByRole('region', { name: 'Development' });
  await expect(development.getByText('The password you entered works.')).toBeVisible();
  await development.getByRole('button', { name: 'Reset password' }).click();
  await dialog.getByRole('button', { name: 'Reset password' }).click();
  await expect(dialog.getByText('Only the new password works.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Reveal new password' }).click();
  const password = (await dialog.getByRole('group', { name: 'new password' }).locator('.hole').textContent()) ?? '';
  expect(await tryUrl(Object.assign(new URL(server.urlOf(dev)), { password }).href)).toBe('accepted');
  expect(await tryUrl(server.urlOf(dev))).toBe('28P01');
  await dialog.getByRole('button', { name: 'I have stored it' }).click();
  await expect(page.getByText(password)).toBeHidden();
  await development.getByRole('button', { name: 'Check connection' }).click();
  await expect(development.getByText('v2 accepted')).toBeVisible();

  await page.getByRole('button', { name: 'Add an environment' }).click();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Staging');
  await dialog.getByRole('textbox', { name: 'Connection URL' }).fill(server.urlOf(prod));
  await dialog.getByRole('button', { name: 'Add the environment' }).click();
  const staging = page.getByRole('region', { name: 'Staging' });
  await expect(staging.getByText('The password you entered works.')).toBeVisible();
  // PostgreSQL keeps one password: nothing is changed, and it says so.
  await staging.getByRole('button', { name: 'Reset password' }).click();
  await dialog.getByRole('button', { name: 'Reset password' }).click();
  await expect(dialog.getByRole('alert')).toContainText('The reset did not complete.');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  expect(await tryUrl(server.urlOf(prod))).toBe('accepted');

  const secrets = page.getByRole('region', { name: 'Secrets' });
  await secrets.getByRole('button', { name: 'Add a secret' }).click();
  await dialog.getByRole('textbox', { name: 'Key' }).fill('DB_PASSWORD');
  await dialog.getByRole('textbox', { name: 'Value' }).fill('of-the-shop');
  await dialog.getByRole('button', { name: 'Add the secret' }).click();
  await expect(dialog.getByText('This key is reserved')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Key' }).fill('PAYMENT_KEY');
  await dialog.getByRole('button', { name: 'Add the secret' }).click();
  await expect(secrets.getByText('PAYMENT_KEY')).toBeVisible();
  await expect(page.getByText('of-the-shop')).toBeHidden();

  await staging.getByRole('button', { name: 'Deploy' }).click();
  await dialog.getByRole('button', { name: 'Mark as deployed' }).click();
  const deployments = page.getByRole('region', { name: 'Deployments' });
  await expect(deployments.getByRole('listitem').filter({ hasText: 'Staging 1' })).toContainText('Deployed');

  for (const colorScheme of ['light', 'dark'] as const) await checkScreen(page, 'site', colorScheme);
  await page.goto('/sites');
  await expect(page.getByText('1 environment', { exact: false })).toBeVisible();
  for (const colorScheme of ['light', 'dark'] as const) await checkScreen(page, 'sites', colorScheme);
});

/** Which of these passwords of a user log in, by the driver alone. */
const accepted = (user: string, ...passwords: string[]): Promise<boolean[]> =>
  Promise.all(
    passwords.map(async (password) => {
      try {
        await (await maria.connect({ user, password: new Secret(password) })).end();
        return true;
      } catch (error) {
        expect((error as { code: string }).code).toBe('ER_ACCESS_DENIED_ERROR');
        return false;
      }
    }),
  );

/** Resets what a card stands for, and answers the new password as the dialog shows it; the dialog stays open. */
async function resetIn(page: Page, place: string): Promise<string> {
  const dialog = page.getByRole('dialog');
  await page.getByRole('region', { name: place }).getByRole('button', { name: 'Reset password' }).click();
  await dialog.getByRole('button', { name: 'Reset password' }).click();
  await dialog.getByRole('button', { name: 'Reveal new password' }).click();
  return (await dialog.getByRole('group', { name: 'new password' }).locator('.hole').textContent()) ?? '';
}

test('what runs keeps its password until it is redeployed, and wp-config.php is written, on MariaDB', async ({ page }) => {
  const rotator_url = maria.urlOf(await maria.createRotator('rotator'));
  const [dev, prod] = [await maria.createLogin('nb_dev'), await maria.createLogin('nb_prod')];
  const folder = mkdtempSync(join(tmpdir(), 'rekey-site-'));
  const config = join(folder, 'wp-config.php');
  writeFileSync(config, `<?php\ndefine( 'DB_USER', 'nb_dev' );\ndefine( 'DB_PASSWORD', '${dev.password.reveal()}' );\n`);
  const hook = await startReceiver();
  const dialog = page.getByRole('dialog');
  await page.goto('/sites');
  const post = (path: string, data: object) => page.request.post(`/api/v1/vector${path}`, { headers: { origin: new URL(page.url()).origin }, data });
  const database = (login: typeof dev) => ({ connection_url: maria.urlOf(login), rotator_url });
  const site = { id: 'north-bakery', dev_domain: 'north-bakery', partner_customer_id: 'cust_4417', wp_config_path: config, database: database(dev) };
  expect((await post('/sites', site)).status()).toBe(201);
  expect((await post('/sites/north-bakery/environments', { name: 'Production', is_production: true, database: database(prod) })).status()).toBe(201);
  await page.goto('/sites/north-bakery');
  const [development, production] = [page.getByRole('region', { name: 'Development' }), page.getByRole('region', { name: 'Production' })];
  for (const card of [development, production]) await expect(card.getByText('The password you entered works.')).toBeVisible();

  // The hook is given in the browser; its secret is shown once.
  await production.getByRole('button', { name: 'More for Production' }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  await dialog.getByRole('textbox', { name: 'Deploy hook' }).fill(hook.url);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByRole('heading', { name: 'The signing secret' })).toBeVisible();
  await dialog.getByRole('button', { name: 'I have stored it' }).click();
  await expect(production.getByText(new URL(hook.url).host, { exact: true })).toBeVisible();

  // Development: at once, with its file and its connections.
  const old = dev.password.reveal();
  const open = await maria.connect(dev);
  const closed = new Promise<void>((resolve) => open.on('error', () => resolve()));
  const next = await resetIn(page, 'Development');
  await expect(dialog.getByText(`${config} was updated`)).toBeVisible();
  await expect(dialog.getByText('1 was closed')).toBeVisible();
  await closed;
  expect(readFileSync(config, 'utf8')).toContain(`define( 'DB_PASSWORD', '${next}' );`);
  expect(await accepted('nb_dev', old, next)).toEqual([false, true]);
  await dialog.getByRole('button', { name: 'I have stored it' }).click();

  // Production: both work until the next deployment stands.
  const first = prod.password.reveal();
  const second = await resetIn(page, 'Production');
  await expect(dialog.getByText('v1 still works: it was in use before the first reset; it ends once a deployment succeeds.', { exact: false })).toBeVisible();
  for (const colorScheme of ['light', 'dark'] as const) await checkScreen(page, 'site-reset', colorScheme);
  await page.setViewportSize({ width: 1440, height: 900 });
  await dialog.getByRole('button', { name: 'I have stored it' }).click();
  await expect(production.getByText('Both passwords work.')).toBeVisible();
  expect(await accepted('nb_prod', first, second)).toEqual([true, true]);
  for (const colorScheme of ['light', 'dark'] as const) await checkScreen(page, 'site-two-passwords', colorScheme);
  await page.setViewportSize({ width: 1440, height: 900 });

  // The first call of the hook fails, which retires nothing; the second one fetches the variables and stands.
  const deployments = page.getByRole('region', { name: 'Deployments' });
  const deploy = async () => {
    await production.getByRole('button', { name: 'Deploy, then end v1' }).click();
    await dialog.getByRole('button', { name: 'Deploy', exact: true }).click();
    await expect(dialog).toBeHidden();
  };
  hook.answer((response) => response.writeHead(502).end());
  await deploy();
  await expect(deployments.getByRole('listitem').filter({ hasText: 'Production 1' })).toContainText('Failed');
  expect(await accepted('nb_prod', first, second)).toEqual([true, true]);
  let given = '';
  hook.answer(async (response: http.ServerResponse) => {
    const { variables_url: url, fetch_token: token } = JSON.parse(hook.received.at(-1)?.body ?? '');
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    given = (await answer.json()).data.variables.DB_PASSWORD;
    response.writeHead(200).end();
  });
  await deploy();
  await expect(deployments.getByRole('listitem').filter({ hasText: 'Production 2' })).toContainText('Deployed');
  await expect(production.getByText('Both passwords work.')).toBeHidden();
  await expect(production.getByText('deployment 2 with v2', { exact: false })).toBeVisible();
  expect(given).toBe(second);
  await expect.poll(() => accepted('nb_prod', first, second)).toEqual([false, true]);

  // By a person's word.
  const third = await resetIn(page, 'Production');
  await dialog.getByRole('button', { name: 'I have stored it' }).click();
  await production.getByRole('button', { name: 'Deploy, then end v2' }).click();
  await dialog.getByRole('radio', { name: /deployed already/ }).click();
  await dialog.getByRole('button', { name: 'Mark as deployed' }).click();
  await expect(production.getByText('deployment 3 with v3', { exact: false })).toBeVisible();
  await expect(production.getByText('Both passwords work.')).toBeHidden();
  await expect.poll(() => accepted('nb_prod', second, third)).toEqual([false, true]);
  for (const colorScheme of ['light', 'dark'] as const) await checkScreen(page, 'site-deployed', colorScheme);
  await page.setViewportSize({ width: 1440, height: 900 });

  await page.getByRole('button', { name: 'More for north-bakery' }).click();
  await page.getByRole('menuitem', { name: 'Forget' }).click();
  await dialog.getByRole('textbox').fill('north-bakery');
  await dialog.getByRole('button', { name: 'Forget north-bakery' }).click();
  await expect(page).toHaveURL(/\/sites$/);
  expect(await accepted('nb_prod', third)).toEqual([true]);
  await open.end().catch(() => {});
  await hook.stop();
  rmSync(folder, { recursive: true });
});
