// A CSV file with mistakes: its dry run, a fix in place, and the import, by keyboard.
import { importList } from '#lib/http/wire/import.ts';
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
  await expect(page.getByRole('link', { name: 'checkout' })).toBeVisible();
  await checkScreen(page, 'import-progress', 'light');
  await checkScreen(page, 'import-progress', 'dark');

  // Other tests count the projects.
  const { imports } = importList.parse(await (await page.request.get('/api/v1/imports')).json());
  const { rows } = await (await page.request.get(`/api/v1/imports/${imports[0]?.id}/rows`)).json();
  for (const { project } of rows as { project: { id: string } }[])
    expect((await page.request.delete(`/api/v1/projects/${project.id}`, { headers: { origin: baseURL ?? '' } })).status()).toBe(204);
});
