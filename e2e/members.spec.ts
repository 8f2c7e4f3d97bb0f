import type { Page } from '@playwright/test';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { checkScreen } from './check-screen.ts';
import { expect, test } from './fixtures.ts';
import { readConnections, tryUrl } from './project.ts';

const PERSON = { email: 'contractor@example.com', password: 'a password of their very own' };

let server: TestTarget;
test.beforeAll(async () => {
  server = await startTarget();
});
test.afterAll(() => server.stop());

/** Adds a database of its own and waits until its login is proven. */
async function addProject(page: Page, name: string): Promise<string> {
  const url = server.urlOf(await server.createLogin(name.replaceAll('-', '_')));
  const { origin } = new URL(page.url());
  const answer = await page.request.post('/api/v1/projects', { headers: { origin }, data: { name, connection_url: url } });
  const { project } = (await answer.json()) as { project: { id: string } };
  const state = async () => ((await (await page.request.get(`/api/v1/projects/${project.id}`)).json()) as { project: { state: string } }).project.state;
  await expect.poll(state).toBe('ready');
  return project.id;
}

test('somebody is invited, joins, is restricted, and removed with what they saw rotated', async ({ page, browser, baseURL }) => {
  test.setTimeout(120_000);
  const dialog = page.getByRole('dialog');
  await page.goto('/settings/members');
  await expect(page.getByRole('listitem').filter({ hasText: 'owner@example.com' })).toContainText('here now');
  const [ledger, archive] = [await addProject(page, 'ledger'), await addProject(page, 'archive')];

  await page.getByRole('button', { name: 'Invite' }).click();
  await dialog.getByRole('button', { name: 'Create the link' }).click();
  await expect(dialog.getByText('Enter an email address, such as')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Email' }).fill(PERSON.email);
  await dialog.getByRole('radio', { name: /^Admin/ }).click();
  await dialog.getByRole('radio', { name: /^These projects/ }).click();
  for (const name of ['ledger', 'archive']) await dialog.getByRole('checkbox', { name }).click();
  await page.screenshot({ path: 'test-results/screens/members-invite.png' });
  await dialog.getByRole('button', { name: 'Create the link' }).click();
  const notice = page.getByRole('status').filter({ hasText: 'shown only once' });
  const link = (await notice.getByText(/\/join\?token=/).textContent()) ?? '';
  await notice.getByRole('button', { name: 'I have copied it' }).click();
  await expect(page.getByText('Invitation for contractor@example.com as Admin, 2 projects expires in 6 d')).toBeVisible();

  const theirs = await browser.newContext({ baseURL: baseURL as string, storageState: { cookies: [], origins: [] } });
  const them = await theirs.newPage();
  await them.goto(link);
  await expect(them.getByText('owner@example.com invites you to Example Co as admin.')).toBeVisible();
  for (const colorScheme of ['light', 'dark'] as const) await checkScreen(them, 'join', colorScheme);
  await them.getByRole('textbox', { name: 'Your name' }).fill('Con Tractor');
  await them.getByRole('textbox', { name: 'Password' }).fill(PERSON.password);
  await them.getByRole('button', { name: 'Join' }).click();
  const nav = them.getByRole('navigation', { name: 'Main' });
  await them.setViewportSize({ width: 1440, height: 900 });
  await expect(nav.getByRole('link', { name: 'ledger' })).toBeVisible();
  await expect(nav.getByRole('link', { name: 'shop' })).toBeHidden();
  const seen = [(await readConnections(them, ledger)).direct_url, (await readConnections(them, archive)).direct_url];
  for (const url of seen) expect(await tryUrl(url)).toBe('accepted');

  // Restricted further while they look: their page signs out, and what is left is one project.
  const row = page.getByRole('list', { name: 'Members' }).getByRole('listitem').filter({ hasText: PERSON.email });
  await expect(row).toContainText('only archive and ledger');
  const choose = async (act: string) => {
    await row.getByRole('button', { name: `More for ${PERSON.email}` }).click();
    await page.getByRole('menuitem', { name: act }).click();
  };
  await choose('Change role or projects');
  await dialog.getByRole('checkbox', { name: 'archive' }).click();
  await expect(dialog.getByText('This removes access.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Change', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(row).toContainText('only ledger');
  await expect(them).toHaveURL(/\/signin/);
  await them.getByRole('textbox', { name: 'Email' }).fill(PERSON.email);
  await them.getByRole('textbox', { name: 'Password' }).fill(PERSON.password);
  await them.getByRole('button', { name: 'Sign in' }).click();
  await expect(them).not.toHaveURL(/\/signin/);
  expect((await them.request.get(`/api/v1/projects/${archive}`)).status()).toBe(404);
  await them.goto(`/projects/${ledger}/connections`);
  await expect(them.getByRole('heading', { level: 1, name: 'ledger' })).toBeVisible();
  await them.goto('/settings/members');
  await expect(them.getByText('Only members who reach all projects see this page')).toBeVisible();
  await them.goto(`/projects/${ledger}/connections`);
  await expect(them.getByRole('heading', { level: 1, name: 'ledger' })).toBeVisible();

  await choose('Remove');
  await expect(dialog.getByRole('checkbox', { name: /^Rotate the 2 passwords they have seen/ })).toBeChecked();
  await page.screenshot({ path: 'test-results/screens/members-remove.png' });
  await dialog.getByRole('button', { name: 'Remove and rotate' }).click();
  await expect(them).toHaveURL(/\/signin/);
  await expect(page.getByText('All 2 passwords they had seen are rotated.')).toBeVisible({ timeout: 30_000 });
  for (const url of seen) expect(await tryUrl(url)).toBe('28P01');
  expect((await theirs.request.get('/api/v1/me')).status()).toBe(401);
  await theirs.close();

  await page.getByRole('button', { name: 'Invite' }).click();
  await dialog.getByRole('textbox', { name: 'Email' }).fill('auditor@example.com');
  await dialog.getByRole('radio', { name: /^Viewer/ }).click();
  await dialog.getByRole('button', { name: 'Create the link' }).click();
  await notice.getByRole('button', { name: 'I have copied it' }).click();
  const invitation = page.getByRole('list', { name: 'Invitations' }).getByRole('listitem').filter({ hasText: 'auditor@example.com' });
  await expect(invitation).toContainText('as Viewer expires in 6 d');
  for (const colorScheme of ['light', 'dark'] as const) await checkScreen(page, 'members', colorScheme);
  await page.setViewportSize({ width: 1440, height: 900 });
  await invitation.getByRole('button', { name: /^Revoke/ }).click();
  await expect(invitation).toBeHidden();
});
