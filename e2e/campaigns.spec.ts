// Many projects at once: selected, tagged, rotated as a campaign that is paused and resumed.
import type { Page } from '@playwright/test';
import { createProjectAnswer, projectList } from '#lib/contract/project.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { checkScreen } from './check-screen.ts';
import { expect, test } from './fixtures.ts';

const NAMES = ['fleet-1', 'fleet-2', 'fleet-3', 'fleet-4', 'fleet-5', 'fleet-6'];
const THEMES = ['light', 'dark'] as const;

let server: TestTarget;
test.beforeAll(async () => {
  server = await startTarget();
});
test.afterAll(() => server.stop());

const headersOf = (page: Page) => ({ origin: new URL(page.url()).origin });

/** Looks at a screen in both themes, wide and narrow, and goes back to the wide one. */
async function look(page: Page, name: string): Promise<void> {
  for (const theme of THEMES) await checkScreen(page, name, theme);
  await page.setViewportSize({ width: 1440, height: 900 });
}

async function fleet(page: Page) {
  const { projects } = projectList.parse(await (await page.request.get('/api/v1/projects?q=fleet-')).json());
  return projects;
}

async function addFleet(page: Page): Promise<void> {
  for (const name of NAMES) {
    const login = await server.createLogin(name.replace('-', '_'));
    const data = { name, connection_url: server.urlOf(login), environment: 'production' };
    const answer = await page.request.post('/api/v1/projects', { data, headers: headersOf(page) });
    createProjectAnswer.parse(await answer.json());
  }
  await expect.poll(async () => (await fleet(page)).map(({ state }) => state), { timeout: 60_000 }).toEqual(NAMES.map(() => 'ready'));
}

test('selects projects, tags them, rotates them as a campaign that is paused and resumed', async ({ page }) => {
  test.setTimeout(420_000);
  await page.goto('/');
  await addFleet(page);
  await page.goto('/?q=fleet-');
  await expect(page.getByRole('checkbox', { name: 'Select fleet-6' })).toBeVisible();

  // By keyboard: to the first row, select it, and then all that match.
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  const bar = page.getByRole('toolbar', { name: 'Selected projects' });
  await expect(bar).toContainText('1 selected');
  await bar.getByRole('button', { name: 'Select all 6 that match' }).click();
  await expect(bar).toContainText('6 selected, all that match');
  await look(page, 'overview-bulk');
  await bar.getByRole('button', { name: 'Tag' }).click();
  const tagging = page.getByRole('dialog', { name: 'Tag 6 projects' });
  await tagging.getByLabel('Key').fill('team');
  await tagging.getByLabel('Value').fill('fleet');
  await tagging.getByRole('button', { name: 'Add tag' }).click();
  await expect(tagging).toBeHidden();
  await expect(bar).toBeHidden();
  expect((await fleet(page)).map(({ tags }) => tags)).toEqual(NAMES.map(() => ({ team: 'fleet' })));

  await page.getByRole('checkbox', { name: 'Select all projects that are shown' }).check();
  await bar.getByRole('button', { name: 'Rotate 6' }).click();
  const dialog = page.getByRole('dialog', { name: 'Rotate 6 projects as a campaign' });
  await expect(dialog.getByRole('heading', { name: /^6 logins/ })).toBeVisible();
  await look(page, 'campaign-start');
  await dialog.getByLabel('Name').fill('Fleet of the test');
  await dialog.getByLabel('At once in total').fill('1');
  const start = dialog.getByRole('button', { name: 'Start campaign' });
  await expect(start).toHaveAttribute('aria-disabled', 'true');
  await dialog.getByLabel(/to start in production/).fill('rotate 6');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/campaigns/cmp_*');
  await expect(page.getByRole('heading', { name: 'Fleet of the test' })).toBeVisible();
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByText('nothing starts until it is resumed')).toBeVisible();
  await look(page, 'campaign-paused');
  await expect(page.getByText('in progress', { exact: true })).toBeHidden();
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByText('6 of 6 logins have a new, verified password.')).toBeVisible({ timeout: 120_000 });
  await look(page, 'campaign');
  await page.getByRole('link', { name: 'Campaigns' }).first().click();
  await expect(page.getByRole('link', { name: 'Fleet of the test', exact: true })).toBeVisible();

  // The server goes with this file.
  for (const { id } of await fleet(page)) expect((await page.request.delete(`/api/v1/projects/${id}`, { headers: headersOf(page) })).status()).toBe(200);
});
