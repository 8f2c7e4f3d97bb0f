import type { Page } from '@playwright/test';
import { TOTP } from 'otpauth';
import { checkScreen } from './check-screen.ts';
import { addMember, makeSessionsStale } from './control-database.ts';
import { expect, test } from './fixtures.ts';
import { demoProject } from './project.ts';

// People of their own: tries to sign in are counted for each. The browser logs each refusal that is provoked.
test.use({ storageState: { cookies: [], origins: [] }, expectedConsole: [/status of 4(01|03|22)/] });

const ADA = { email: 'ada@example.com', password: 'a long sentence of an admin' };
const GRACE = { email: 'grace@example.com', password: 'another long sentence to sign in with' };
const LIN = { email: 'lin@example.com', password: 'a sentence that is not to last' };
test.beforeAll(async () => {
  await addMember(ADA, 'admin');
  await addMember(GRACE, 'viewer');
  await addMember(LIN, 'viewer');
});

async function givePassword(page: Page, { email, password }: typeof ADA): Promise<void> {
  await page.getByRole('textbox', { name: 'Email' }).fill(email);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Signs in on the way to `path`. */
async function enter(page: Page, person: typeof ADA, path: string): Promise<void> {
  await page.goto(path);
  await givePassword(page, person);
  await page.waitForURL((url) => url.pathname === path);
}

test('revealing and rotating ask for the password where it was given too long ago, and go on by themselves', async ({ page }) => {
  await enter(page, ADA, '/account');
  await page.goto(`/projects/${await demoProject(page)}/connections`);
  const reveal = page.getByRole('button', { name: 'Reveal Pooled URL' });
  const shown = page.getByRole('timer', { name: 'Hidden again in' });
  await expect(reveal).toBeVisible();
  await makeSessionsStale(ADA.email);

  await reveal.click();
  const dialog = page.getByRole('dialog', { name: 'Confirm it is you' });
  const password = dialog.getByRole('textbox', { name: `Password of ${ADA.email}` });
  await expect(password).toBeFocused();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('Confirm that it is you: this needs your password').first()).toBeVisible();
  await expect(shown).toBeHidden();

  await reveal.click();
  await password.fill(`${ADA.password}!`);
  await password.press('Enter');
  await expect(dialog.getByText('The password is wrong. Nothing was changed.')).toBeVisible();
  await checkScreen(page, 'confirm', 'light');
  await checkScreen(page, 'confirm', 'dark');
  await password.fill(ADA.password);
  await password.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(shown).toBeVisible();

  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('button', { name: 'Rotate Credentials' }).first().click();
  await makeSessionsStale(ADA.email);
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate Credentials' }).click();
  await password.fill(ADA.password);
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByText('Only the new password works.')).toBeVisible();
});

test('a form keeps what was typed while it asks for the password, and when that is not given', async ({ page }) => {
  await enter(page, ADA, '/account');
  await page.goto(`/projects/${await demoProject(page)}/settings`);
  const name = page.getByRole('textbox', { name: 'Name' });
  const dialog = page.getByRole('dialog', { name: 'Confirm it is you' });
  await name.fill('shop of tomorrow');
  await makeSessionsStale(ADA.email);
  await page.getByRole('button', { name: 'Save the project' }).click();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('Confirm that it is you: this needs your password').first()).toBeVisible();
  await expect(name).toHaveValue('shop of tomorrow');

  for (const next of ['shop of tomorrow', 'shop']) {
    await name.fill(next);
    await page.getByRole('button', { name: 'Save the project' }).click();
    if (next !== 'shop') {
      await dialog.getByRole('textbox', { name: /^Password of/ }).fill(ADA.password);
      await dialog.getByRole('button', { name: 'Confirm' }).click();
    }
    await expect(page.getByRole('button', { name: 'Save the project' })).toBeDisabled();
    await expect(name).toHaveValue(next);
  }
});

test('a session that is ended elsewhere leaves its page at once', async ({ page, browser }) => {
  const userAgent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0';
  const elsewhere = await browser.newContext({ storageState: { cookies: [], origins: [] }, userAgent });
  const other = await elsewhere.newPage();
  const auditLog = other.getByRole('link', { name: 'Audit log' });

  await enter(page, ADA, '/account');
  await enter(other, ADA, '/audit');
  await expect(auditLog).toBeVisible();
  // The list is live: the new session appears by itself.
  const row = page.getByRole('listitem').filter({ hasText: 'Firefox on Windows' });
  await expect(row).toContainText('from 127.0.0.1');
  await expect(page.getByRole('listitem').filter({ hasText: 'This session' })).toHaveCount(1);
  await row.getByRole('button', { name: /^End/ }).click();
  await expect(row).toBeHidden();
  await expect(other).toHaveURL(/\/signin\?ended=1&callbackUrl=%2Faudit$/);

  await givePassword(other, ADA);
  await expect(auditLog).toBeVisible();
  await expect(row).toBeVisible();
  await page.getByRole('button', { name: 'End all others' }).click();
  await expect(page.getByText('1 session', { exact: true })).toBeVisible();
  await expect(other).toHaveURL(/\/signin/);
  await elsewhere.close();
});

test('a password is changed: the other sessions end, the new one signs in and the old one does not', async ({ page, browser }) => {
  const next = { ...LIN, password: 'the sentence that takes its place' };
  const elsewhere = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const other = await elsewhere.newPage();
  await enter(page, LIN, '/account');
  await enter(other, LIN, '/account');
  // It asks for the password by itself: nobody is asked twice.
  await makeSessionsStale(LIN.email);

  await page.getByRole('button', { name: 'Change password' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change your password' });
  const current = dialog.getByRole('textbox', { name: 'Current password' });
  const submit = dialog.getByRole('button', { name: 'Change password' });
  await expect(current).toBeFocused();
  await current.fill(`${LIN.password}!`);
  await dialog.getByRole('textbox', { name: 'New password' }).fill('too short');
  await submit.click();
  await expect(dialog.getByText('Use 12 characters or more.')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'New password' }).fill(next.password);
  await submit.click();
  await expect(dialog.getByText('The password is wrong. Nothing was changed.')).toBeVisible();
  await checkScreen(page, 'change-password', 'light');
  await checkScreen(page, 'change-password', 'dark');
  await current.fill(LIN.password);
  await submit.click();
  await expect(page.getByRole('status').filter({ hasText: 'Your password was changed. 1 other session was ended.' })).toBeVisible();
  await expect(dialog).toBeHidden();
  await expect(other).toHaveURL(/\/signin/);
  await checkScreen(page, 'account', 'light');
  await checkScreen(page, 'account', 'dark');

  await givePassword(other, LIN);
  await expect(other.getByText('Email or password is wrong.')).toBeVisible();
  await givePassword(other, next);
  await expect(other.getByRole('heading', { level: 1, name: 'Your account' })).toBeVisible();
  await elsewhere.close();
});

test('turns a second factor on, signs in with its code, with a recovery code once, and turns it off', async ({ page }) => {
  const giveCode = async (code: string) => {
    await page.getByRole('textbox', { name: 'Code' }).fill(code);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  const signOut = async () => {
    await page.getByRole('button', { name: GRACE.email }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await expect(page).toHaveURL(/\/signin/);
    await page.goto('/signin?callbackUrl=/account');
  };
  const heading = page.getByRole('heading', { level: 1, name: 'Your account' });
  const dialog = page.getByRole('dialog');

  await enter(page, GRACE, '/account');
  await page.getByRole('button', { name: 'Turn on' }).click();
  const secret = ((await dialog.getByText(/^[A-Z2-7]{4}( [A-Z2-7]{4}){7}$/).textContent()) ?? '').replaceAll(' ', '');
  const codeAfter = (steps: number) => new TOTP({ secret }).generate({ timestamp: Date.now() + steps * 30_000 });
  await checkScreen(page, 'second-factor', 'dark');
  // Cameras want it dark on white, in the dark too.
  await expect(dialog.getByRole('img', { name: 'The secret as a QR code for the app' }).locator('rect')).toHaveCSS('fill', 'rgb(255, 255, 255)');
  await dialog.getByRole('textbox', { name: 'Code' }).fill(codeAfter(-20));
  await dialog.getByRole('button', { name: 'Turn on' }).click();
  await expect(dialog.getByText('The code is not the current one.')).toBeVisible();
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
  await givePassword(page, GRACE);
  await expect(page.getByRole('textbox', { name: 'Code' })).toBeFocused();
  await checkScreen(page, 'sign-in-code', 'light');
  await giveCode(codeAfter(-20));
  await expect(page.getByText('Email, password or code is wrong.')).toBeVisible();
  await giveCode(codeAfter(1));
  await expect(heading).toBeVisible();
  const wrongCodes = page.getByText('Your password was entered with a wrong code.');
  await expect(wrongCodes).toBeVisible();
  await checkScreen(page, 'wrong-codes', 'light');
  await page.getByRole('button', { name: 'It was me' }).click();
  await expect(wrongCodes).toBeHidden();

  await page.setViewportSize({ width: 1440, height: 900 });
  for (const isFirst of [true, false]) {
    await signOut();
    await givePassword(page, GRACE);
    await giveCode(codes[0] ?? '');
    await expect(isFirst ? page.getByText('9 recovery codes are left') : page.getByText('Email, password or code is wrong.')).toBeVisible();
  }
  await giveCode(codes[1] ?? '');
  await expect(heading).toBeVisible();

  await makeSessionsStale(GRACE.email);
  await page.getByRole('button', { name: 'Turn off' }).click();
  await dialog.getByRole('button', { name: 'Turn off' }).click();
  const confirm = page.getByRole('dialog', { name: 'Confirm it is you' });
  await confirm.getByRole('textbox', { name: /^Password of/ }).fill(GRACE.password);
  await confirm.getByRole('textbox', { name: 'Code' }).fill(codes[2] ?? '');
  await confirm.getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByText('Your password alone signs you in.')).toBeVisible();
});
