import { readFileSync } from 'node:fs';
import { expect, test } from './fixtures.ts';
import { demoProject } from './project.ts';

test('the audit log is narrowed, searched, verified, opened and taken away', async ({ page }) => {
  const projectId = await demoProject(page);
  await page.goto('/');
  await page.keyboard.press('g');
  await page.keyboard.press('l');
  await expect(page.getByRole('heading', { level: 1, name: 'Audit log' })).toBeVisible();

  await page.getByRole('button', { name: 'Verify now' }).click();
  await expect(page.getByText(/Chain verified to/)).toBeVisible();
  await expect(page.getByText('verified the whole audit log').first()).toBeVisible();

  // What is done while the page is open comes in by itself.
  const views = page.getByText(/read the URL of/);
  const before = await views.count();
  await page.request.get(`/api/v1/projects/${projectId}/connections`);
  await expect(views).toHaveCount(before + 1);

  await page.getByLabel('Action').selectOption('project.connection_viewed');
  await expect(page).toHaveURL(/action=project\.connection_viewed/);
  await expect(page.getByText('verified the whole audit log')).toHaveCount(0);
  await page.getByRole('searchbox', { name: 'Search the log' }).fill('nothing has this');
  await expect(page.getByText('No event matches.')).toBeVisible();
  await page.getByRole('searchbox', { name: 'Search the log' }).fill('SHOP');
  await expect(views.first()).toBeVisible();

  await page
    .getByRole('link', { name: /read the URL of/ })
    .first()
    .click();
  const record = page.getByRole('dialog');
  await expect(record.getByText('This event is in its place.')).toBeVisible();
  await expect(record.getByText('"previous_hmac"')).toBeVisible();
  await record.getByRole('button', { name: 'Close' }).click();
  await expect(page).toHaveURL(/\/audit\?q=SHOP&action=project\.connection_viewed$/);

  await page.getByRole('button', { name: 'Export' }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'CSV, as filtered' }).click()]);
  const lines = readFileSync(await download.path(), 'utf8')
    .trim()
    .split('\r\n');
  expect(lines[0]).toMatch(/^seq,id,created_at,action/);
  expect(lines.slice(1).every((line) => line.includes('project.connection_viewed'))).toBe(true);
});
