// A CSV file with mistakes: its dry run, a fix in place, and the import, by keyboard.
import { importList } from '#lib/contract/import.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { checkScreen } from './check-screen.ts';
import { expect, test } from './fixtures.ts';
import { demoProject, readConnections } from './project.ts';

let server: TestTarget;
test.beforeAll(async () => {
  server = await startTarget();
});
test.afterAll(() => server.stop());

test('a file of connection URLs is checked, fixed where it stands and imported', async ({ page, baseURL }) => {
  const { direct_url: known } = await readConnections(page, await demoProject(page));
  const [one, two, three] = [await server.createLogin('e2e_one'), await server.createLogin('e2e_two'), await server.createLogin('e2e_three')];
  const [url, other] = [server.urlOf(one), server.urlOf(two)];
  const withoutDatabase = other.replace(/\/[^/]*$/, '');
  const content = [
    'name,url,tags',
    `checkout,${url},team=shop`,
    `shop again,${known},`,
    `crm-customer-success-nightly-exports-for-the-partner-portal,${withoutDatabase},team=sales`,
    `reports,${server.urlOf(three).replace(/:[^:@/]+@/, ':another@')},region=eu`,
    `=cmd,${url},`,
  ].join('\r\n');
  await page.goto('/import');
  await expect(page.getByRole('heading', { level: 1, name: 'Import' })).toBeVisible();
  await checkScreen(page, 'import-empty', 'light');
  await page.getByLabel('File to import').setInputFiles({ name: 'fleet-2026-11-production-and-apac.csv', mimeType: 'text/csv', buffer: Buffer.from(content) });
  await expect(page.getByText('Dry run finished at')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('1 of 5 rows is ready to import');
  await expect(page.getByText('The server rejected this user and password.')).toBeVisible();
  expect(await page.content()).not.toContain(encodeURIComponent(one.password.reveal()));
  await checkScreen(page, 'import', 'light');
  await checkScreen(page, 'import', 'dark');

  await page.setViewportSize({ width: 1440, height: 900 });
  const field = page.getByRole('textbox', { name: 'URL, line 4' });
  await field.focus();
  await page.keyboard.press('End');
  await page.keyboard.type(new URL(other).pathname);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('2 of 5 rows are ready to import');

  await page.getByRole('button', { name: 'Import 2 rows' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: '2 of 2 rows imported' })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Imported rows' }).getByRole('link', { name: 'checkout' })).toBeVisible();
  await checkScreen(page, 'import-progress', 'light');
  await checkScreen(page, 'import-progress', 'dark');

  // Other tests count the projects.
  const { imports } = importList.parse(await (await page.request.get('/api/v1/imports')).json());
  const { rows } = await (await page.request.get(`/api/v1/imports/${imports[0]?.id}/rows`)).json();
  for (const { project } of rows as { project: { id: string } }[])
    expect((await page.request.delete(`/api/v1/projects/${project.id}`, { headers: { origin: baseURL ?? '' } })).ok()).toBe(true);
});

test('an account whose password nobody knows is taken over, by its typed count', async ({ page, baseURL }) => {
  const headers = { origin: baseURL ?? '' };
  const app = await server.createLogin('e2e_app');
  const rotator = await server.createRotator('e2e_rotator', app);
  await server.createLogin('e2e_lost_partner_portal_readonly');
  await server.sql('GRANT e2e_lost_partner_portal_readonly TO e2e_rotator WITH ADMIN TRUE, INHERIT FALSE, SET FALSE');
  const data = { name: 'With a rotator', connection_url: server.urlOf(app), rotator_url: server.urlOf(rotator) };
  const { project } = await (await page.request.post('/api/v1/projects', { headers, data })).json();
  await expect.poll(async () => (await (await page.request.get(`/api/v1/projects/${project.id}`)).json()).project.state).toBe('ready');

  await page.goto('/import/accounts');
  const { port } = server.target.direct;
  const option = page.getByRole('option', { name: `:${port} ` });
  await page.getByRole('combobox', { name: 'Server' }).selectOption((await option.getAttribute('value')) ?? '');
  const row = page.getByRole('listitem', { name: 'e2e_lost_partner_portal_readonly' });
  await expect(row.getByText('No sessions')).toBeVisible();
  await row.getByRole('checkbox').focus();
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: 'Take over 1' })).toHaveAttribute('aria-disabled', 'true');
  await checkScreen(page, 'import-accounts', 'light');
  await checkScreen(page, 'import-accounts', 'dark');
  await page.getByRole('textbox', { name: 'Type take over 1' }).focus();
  await page.keyboard.type('take over 1');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'e2e_lost_partner_portal_readonly' }).click();
  await expect(page.getByRole('status').getByText('Only the new password works.')).toBeVisible();

  await page.goto('/import');
  const { projects } = await (await page.request.get('/api/v1/projects?q=e2e_lost')).json();
  for (const { id } of [...projects, project]) expect((await page.request.delete(`/api/v1/projects/${id}`, { headers })).ok()).toBe(true);
});
