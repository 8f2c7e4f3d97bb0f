import { checkScreen } from './check-screen.ts';
import { makeSessionsStale } from './control-database.ts';
import { expect, test } from './fixtures.ts';
import { OWNER } from './owner.ts';
import { demoProject } from './project.ts';

// The browser logs each refusal that is provoked.
test.use({ expectedConsole: [/status of 4(03|22)/] });

test('revealing asks for the password where it was given too long ago, and goes on by itself', async ({ page }) => {
  await page.goto(`/projects/${await demoProject(page)}/connections`);
  const reveal = page.getByRole('button', { name: 'Reveal Pooled URL' });
  const shown = page.getByRole('timer', { name: 'Hidden again in' });
  await expect(reveal).toBeVisible();
  await makeSessionsStale();

  await reveal.click();
  const dialog = page.getByRole('dialog', { name: 'Confirm it is you' });
  const password = dialog.getByRole('textbox', { name: `Password of ${OWNER.email}` });
  await expect(password).toBeFocused();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('Confirm that it is you: this needs your password').first()).toBeVisible();
  await expect(shown).toBeHidden();

  await reveal.click();
  await password.fill(`${OWNER.password}!`);
  await password.press('Enter');
  await expect(dialog.getByText('The password is wrong. Nothing was changed.')).toBeVisible();
  await checkScreen(page, 'confirm', 'light');
  await checkScreen(page, 'confirm', 'dark');
  await password.fill(OWNER.password);
  await password.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(shown).toBeVisible();
});

test('a rotation that waits for the password begins once it is given', async ({ page }) => {
  await page.goto(`/projects/${await demoProject(page)}/connections`);
  await page.getByRole('button', { name: 'Rotate Credentials' }).first().click();
  await makeSessionsStale();
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate Credentials' }).click();
  const dialog = page.getByRole('dialog', { name: 'Confirm it is you' });
  await dialog.getByRole('textbox').fill(OWNER.password);
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByText('Only the new password works.')).toBeVisible();
});

test('a session that is ended elsewhere leaves its page at once', async ({ page, browser }) => {
  const userAgent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0';
  const elsewhere = await browser.newContext({ storageState: { cookies: [], origins: [] }, userAgent });
  const other = await elsewhere.newPage();
  const signIn = async () => {
    await other.getByRole('textbox', { name: 'Email' }).fill(OWNER.email);
    await other.getByRole('textbox', { name: 'Password' }).fill(OWNER.password);
    await other.getByRole('button', { name: 'Sign in' }).click();
    await expect(other.getByRole('link', { name: 'Audit log' })).toBeVisible();
  };

  await page.goto('/account');
  await other.goto('/audit');
  await signIn();
  // The list is live: the new session appears by itself.
  const row = page.getByRole('listitem').filter({ hasText: 'Firefox on Windows' });
  await expect(row).toContainText('from 127.0.0.1');
  await expect(page.getByRole('listitem').filter({ hasText: 'This session' })).toHaveCount(1);
  await checkScreen(page, 'account', 'light');
  await checkScreen(page, 'account', 'dark');
  await row.getByRole('button', { name: /^End/ }).click();
  await expect(row).toBeHidden();
  await expect(other).toHaveURL(/\/signin\?callbackUrl=%2Faudit$/);

  await signIn();
  await expect(row).toBeVisible();
  await page.getByRole('button', { name: 'End all others' }).click();
  await expect(page.getByText('1 session', { exact: true })).toBeVisible();
  await expect(other).toHaveURL(/\/signin/);
  await elsewhere.close();
});
