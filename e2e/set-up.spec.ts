import { expect, test } from './fixtures.ts';

const OWNER = { email: 'owner@example.com', password: 'four words make one' };

test.describe.configure({ mode: 'serial' });

test('nobody gets in before the owner is made', async ({ page }) => {
  await page.goto('/');
  await expect(page).toHaveURL(/\/signin/);
});

test('the link of the first start makes the owner', async ({ page }) => {
  await page.goto(process.env.REKEY_SETUP_URL ?? '');
  await page.getByLabel('Organization').fill('Example');
  await page.getByLabel('Your email').fill(OWNER.email);
  await page.getByLabel('Password', { exact: true }).fill(OWNER.password);
  await page.getByRole('button', { name: 'Create the owner' }).click();
  await expect(page.getByRole('heading', { name: 'Nothing needs a person' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'shop' }).first()).toBeVisible();
});

test.describe('afterwards', () => {
  test.use({ expectedConsole: [/status of (401|422)/] });

  test('the link opens nothing any more', async ({ page }) => {
    await page.goto(process.env.REKEY_SETUP_URL ?? '');
    await expect(page.getByLabel('Organization')).toBeHidden();
    await expect(page.getByRole('button', { name: 'Create the owner' })).toBeHidden();
  });

  test('the owner signs in with the password, and with no other', async ({ page }) => {
    await page.goto('/signin');
    await page.getByLabel('Email').fill(OWNER.email);
    await page.getByLabel('Password', { exact: true }).fill(`${OWNER.password} now`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('aria-invalid', 'true');
    await page.getByLabel('Password', { exact: true }).fill(OWNER.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('heading', { name: 'Nothing needs a person' })).toBeVisible();
    await page.context().storageState({ path: 'test-results/owner.json' });
  });
});
