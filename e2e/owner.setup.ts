import { expect, test } from './fixtures.ts';
import { OWNER, OWNER_STATE } from './owner.ts';

// The browser logs that the dead link is refused.
test.use({ expectedConsole: [/status of 422/] });

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
