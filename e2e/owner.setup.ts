import { OWNER, OWNER_STATE } from './owner.ts';
import { expect, test } from './fixtures.ts';

test('the one-time link makes the owner, and then it is dead', async ({ page }) => {
  const link = process.env.REKEY_SETUP_URL ?? '';
  await page.goto(link);
  await page.getByRole('textbox', { name: 'Organization' }).fill('Example Co');
  await page.getByRole('textbox', { name: 'Your email' }).fill(OWNER.email);
  await page.getByRole('textbox', { name: 'Password' }).fill(OWNER.password);
  await page.getByRole('button', { name: 'Create the owner' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Nothing needs a person' })).toBeVisible();
  await page.context().storageState({ path: OWNER_STATE });

  await page.goto(link);
  await expect(page.getByRole('button', { name: 'Create the owner' })).toBeHidden();
});
