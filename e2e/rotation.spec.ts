import pg from 'pg';
import { expect, test } from './fixtures.ts';
import { demoProject, readConnections, tryUrl } from './project.ts';

const REFUSED_DIRECT = '28P01';
const REFUSED_POOLED = '08P01';

test('a rotation from the browser is proven by logins, and an open session goes on', async ({ page }) => {
  const projectId = await demoProject(page);
  const before = await readConnections(page, projectId);
  const session = new pg.Client({ connectionString: before.direct_url });
  await session.connect();

  await page.goto(`/projects/${projectId}`);
  await page.getByRole('button', { name: 'Rotate Credentials' }).click();
  const started = Date.now();
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate Credentials' }).click();
  await expect(page.getByRole('status').getByText('Only the new password works.')).toBeVisible();
  test.info().annotations.push({ type: 'from click to completed', description: `${Date.now() - started} ms` });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Rotation to v\d+/);

  const after = await readConnections(page, projectId);
  const { direct_url, pooled_url, rotated_at, ...kept } = after;
  expect(before).toMatchObject(kept);
  expect(await tryUrl(direct_url)).toBe('accepted');
  expect(await tryUrl(pooled_url ?? '')).toBe('accepted');
  expect(await tryUrl(before.direct_url)).toBe(REFUSED_DIRECT);
  expect(await tryUrl(before.pooled_url ?? '')).toBe(REFUSED_POOLED);
  expect((await session.query('SELECT 1 AS alive')).rows).toEqual([{ alive: 1 }]);
  await session.end();
});

test('after a leak sessions are closed, and one opened afterwards is not', async ({ page }) => {
  const projectId = await demoProject(page);
  const before = await readConnections(page, projectId);
  const session = new pg.Client({ connectionString: before.direct_url });
  const ended = new Promise((resolve) => session.on('error', resolve));
  await session.connect();

  await page.goto(`/projects/${projectId}/settings`);
  await page.getByRole('button', { name: 'Rotate Credentials' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Leak', { exact: true }).click();
  await expect(dialog.getByRole('radio', { name: /Close them/ })).toBeChecked();
  await dialog.getByRole('button', { name: 'Rotate Credentials' }).click();
  await expect(page.getByRole('status').getByText('Only the new password works.')).toBeVisible();

  await ended;
  expect(await tryUrl((await readConnections(page, projectId)).direct_url)).toBe('accepted');
});

test('the keyboard alone rotates', async ({ page }) => {
  const projectId = await demoProject(page);
  await page.goto(`/projects/${projectId}/connections`);
  await expect(page.getByRole('button', { name: 'Rotate Credentials' })).toBeEnabled();
  await page.keyboard.press('r');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').getByText('Only the new password works.')).toBeVisible();
});

test('a masked URL is copied and revealed by a person, and both are in the audit trail', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const projectId = await demoProject(page);
  const { pooled_url, direct_url } = await readConnections(page, projectId);
  await page.goto(`/projects/${projectId}/connections`);
  const pooled = page.getByRole('group', { name: 'Pooled' });
  await expect(pooled).not.toContainText(new URL(pooled_url ?? '').password);
  await pooled.getByRole('button', { name: 'Copy' }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(pooled_url);
  const direct = page.getByRole('group', { name: 'Direct' });
  await direct.getByRole('button', { name: /^Reveal/ }).click();
  await expect(direct).toContainText(new URL(direct_url).password);
  await page.goto(`/projects/${projectId}/activity`);
  await expect(page.getByText('read the URL of shop_app').first()).toBeVisible();
});
