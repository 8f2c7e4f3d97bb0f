import { TOTP } from 'otpauth';
import { checkScreen } from './check-screen.ts';
import { addMember, makeSessionsStale } from './control-database.ts';
import { expect, test } from './fixtures.ts';
import { OWNER } from './owner.ts';
import { demoProject } from './project.ts';

// The browser logs each refusal that is provoked.
test.use({ expectedConsole: [/status of 4(01|03|22)/] });

test('revealing asks for the password where it was given too long ago, and goes on by itself', async ({ page }) => {
  await page.goto(`/projects/${await demoProject(page)}/connections`);
  const reveal = page.getByRole('button', { name: 'Reveal Pooled URL' });
  const shown = page.getByRole('timer', { name: 'Hidden again in' });
  await expect(reveal).toBeVisible();
  await makeSessionsStale(OWNER.email);

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
  await makeSessionsStale(OWNER.email);
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

test.describe('a member without a session', () => {
  test.use({ storageState: { cookies: [], origins: [] } });

  test('turns a second factor on, signs in with its code, with a recovery code once, and turns it off', async ({ page }) => {
    const grace = { email: 'grace@example.com', password: 'another long sentence to sign in with' };
    await addMember(grace, 'viewer');
    const givePassword = async () => {
      await page.getByRole('textbox', { name: 'Email' }).fill(grace.email);
      await page.getByRole('textbox', { name: 'Password' }).fill(grace.password);
      await page.getByRole('button', { name: 'Sign in' }).click();
    };
    const giveCode = async (code: string) => {
      await page.getByRole('textbox', { name: 'Code' }).fill(code);
      await page.getByRole('button', { name: 'Sign in' }).click();
    };
    const signOut = async () => {
      await page.getByRole('button', { name: grace.email }).click();
      await page.getByRole('menuitem', { name: 'Sign out' }).click();
      await expect(page).toHaveURL(/\/signin/);
      await page.goto('/signin?callbackUrl=/account');
    };
    const heading = page.getByRole('heading', { level: 1, name: 'Your account' });
    const dialog = page.getByRole('dialog');

    await page.goto('/account');
    await givePassword();
    await page.getByRole('button', { name: 'Turn on' }).click();
    const secret = ((await dialog.getByText(/^[A-Z2-7]{4}( [A-Z2-7]{4}){7}$/).textContent()) ?? '').replaceAll(' ', '');
    const codeAfter = (steps: number) => new TOTP({ secret }).generate({ timestamp: Date.now() + steps * 30_000 });
    await checkScreen(page, 'second-factor', 'light');
    await checkScreen(page, 'second-factor', 'dark');
    await dialog.getByRole('textbox', { name: 'Code' }).fill(codeAfter(-20));
    await dialog.getByRole('button', { name: 'Turn on' }).click();
    await expect(dialog.getByText('The code is not the one of now.')).toBeVisible();
    await dialog.getByRole('textbox', { name: 'Code' }).fill(codeAfter(0));
    await dialog.getByRole('button', { name: 'Turn on' }).click();
    const listed = dialog.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem');
    await expect(listed).toHaveCount(10);
    const codes = await listed.allTextContents();
    await checkScreen(page, 'recovery-codes', 'light');
    await dialog.getByRole('button', { name: 'I have stored them' }).click();
    await expect(page.getByText('10 recovery codes are left')).toBeVisible();
    await checkScreen(page, 'account-with-factor', 'dark');

    await page.setViewportSize({ width: 1440, height: 900 });
    await signOut();
    await givePassword();
    await expect(page.getByRole('textbox', { name: 'Code' })).toBeFocused();
    await checkScreen(page, 'sign-in-code', 'light');
    await checkScreen(page, 'sign-in-code', 'dark');
    await giveCode(codeAfter(-20));
    await expect(page.getByText('Email, password or code is wrong.')).toBeVisible();
    await giveCode(codeAfter(1));
    await expect(heading).toBeVisible();

    await page.setViewportSize({ width: 1440, height: 900 });
    for (const isFirst of [true, false]) {
      await signOut();
      await givePassword();
      await giveCode(codes[0] ?? '');
      await expect(isFirst ? page.getByText('9 recovery codes are left') : page.getByText('Email, password or code is wrong.')).toBeVisible();
    }
    await giveCode(codes[1] ?? '');
    await expect(heading).toBeVisible();

    await makeSessionsStale(grace.email);
    await page.getByRole('button', { name: 'Turn off' }).click();
    await dialog.getByRole('button', { name: 'Turn off' }).click();
    const confirm = page.getByRole('dialog', { name: 'Confirm it is you' });
    await confirm.getByRole('textbox', { name: /^Password of/ }).fill(grace.password);
    await confirm.getByRole('textbox', { name: 'Code' }).fill(codes[2] ?? '');
    await confirm.getByRole('button', { name: 'Confirm' }).click();
    await expect(page.getByText('Your password alone signs you in.')).toBeVisible();
  });
});
