import { expect, test } from './fixtures.ts';
import { OWNER } from './owner.ts';

test.use({ storageState: { cookies: [], origins: [] }, expectedConsole: [/status of 401/] });

test('nothing is shown before a sign-in with the right password', async ({ page }) => {
  await page.goto('/projects/new');
  await expect(page).toHaveURL(/\/signin/);
  await page.getByRole('textbox', { name: 'Email' }).fill(OWNER.email);
  await page.getByRole('textbox', { name: 'Password' }).fill(`${OWNER.password} `);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('textbox', { name: 'Password' })).toHaveAttribute('aria-invalid', 'true');
  await page.getByRole('textbox', { name: 'Password' }).fill(OWNER.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('link', { name: 'shop' }).first()).toBeVisible();
});
