import { expect, test } from './fixtures.ts';

test('a key is made, used, rotated with both working, and refused once revoked', async ({ page, playwright, baseURL }) => {
  const strangers = await playwright.request.newContext({ baseURL: baseURL as string, storageState: { cookies: [], origins: [] } });
  const statusOf = async (key: string) => (await strangers.get('/api/v1/me', { headers: { authorization: `Bearer ${key}` } })).status();
  const notice = page.getByRole('status').filter({ hasText: 'It is shown only once.' });
  const take = async () => {
    await expect(notice).toBeInViewport({ ratio: 1 });
    const key = (await notice.getByText(/^rk_live_/).textContent()) ?? '';
    await notice.getByRole('button', { name: 'I have stored it' }).click();
    await expect(page.getByText(key)).toBeHidden();
    return key;
  };

  await page.goto('/settings/api-keys');
  await page.getByRole('button', { name: 'New key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Create the key' }).click();
  await expect(dialog.getByText('Name the key after what uses it.')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('nightly');
  await dialog.getByRole('combobox', { name: 'Ends' }).selectOption('in 7 days');
  await dialog.getByRole('button', { name: 'Create the key' }).click();
  const first = await take();
  const rows = page.getByRole('row', { name: /^nightly/ });
  await expect(rows).toContainText(/credentials:rotate.*all projects.*never.*in 6 d/);
  expect(await statusOf(first)).toBe(200);

  await rows.getByRole('button', { name: /^Rotate/ }).click();
  await dialog.getByRole('button', { name: 'Rotate the key' }).click();
  const second = await take();
  await expect(rows.filter({ hasText: 'rotated, ends in 23 h' })).toContainText(/from [\d.:a-f]+/);
  expect([await statusOf(first), await statusOf(second)]).toEqual([200, 200]);

  const newer = rows.filter({ hasText: second.slice(0, 12) });
  await newer.getByRole('button', { name: /^Revoke/ }).click();
  await dialog.getByRole('button', { name: 'Revoke the key' }).click();
  await expect(newer).toContainText(/revoked .*by owner@example\.com/);
  expect([await statusOf(first), await statusOf(second)]).toEqual([200, 401]);
  await strangers.dispose();
});
