import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { checkScreen } from './check-screen.ts';
import { expect, test } from './fixtures.ts';
import { tryUrl } from './project.ts';

let server: TestTarget;
test.beforeAll(async () => {
  server = await startTarget();
});
test.afterAll(() => server.stop());

// The browser logs that PostgreSQL keeps one password alone.
test.use({ expectedConsole: [/status of 422/] });

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
  await expect(development.getByText('The password you gave us works.')).toBeVisible();
  await development.getByRole('button', { name: 'Reset password' }).click();
  await dialog.getByRole('button', { name: 'Reset password' }).click();
  await expect(dialog.getByText('Only the new password works.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Reveal new password' }).click();
  const password = (await dialog.getByRole('group', { name: 'new password' }).locator('.hole').textContent()) ?? '';
  expect(await tryUrl(Object.assign(new URL(server.urlOf(dev)), { password }).href)).toBe('accepted');
  expect(await tryUrl(server.urlOf(dev))).toBe('28P01');
  await dialog.getByRole('button', { name: 'I have kept it' }).click();
  await expect(page.getByText(password)).toBeHidden();
  await development.getByRole('button', { name: 'Verify connection' }).click();
  await expect(development.getByText('v2 accepted')).toBeVisible();

  await page.getByRole('button', { name: 'Add an environment' }).click();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Staging');
  await dialog.getByRole('textbox', { name: 'Connection URL' }).fill(server.urlOf(prod));
  await dialog.getByRole('button', { name: 'Add the environment' }).click();
  const staging = page.getByRole('region', { name: 'Staging' });
  await expect(staging.getByText('The password you gave us works.')).toBeVisible();
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
