import { readFileSync } from 'node:fs';
import { jobAnswer } from '#lib/contract/job.ts';
import { findSecrets, type Place, readCommandLines, readTables } from '#scripts/testing/canary.ts';
import { controlUrl } from './control-database.ts';
import { expect, test } from './fixtures.ts';
import { OWNER } from './owner.ts';
import { demoProject, readConnections } from './project.ts';

test('no password stands in logs, tables, command lines, pages or other answers', async ({ page, baseURL }) => {
  const projectId = await demoProject(page);
  const passwordNow = async () => decodeURIComponent(new URL((await readConnections(page, projectId)).direct_url).password);
  const oldPassword = await passwordNow();
  const answer = await page.request.post(`/api/v1/projects/${projectId}/credentials/rotate`, { headers: { origin: baseURL ?? '' }, data: {} });
  const { job } = jobAnswer.parse(await answer.json());
  await expect.poll(async () => jobAnswer.parse(await (await page.request.get(`/api/v1/jobs/${job.id}`)).json()).job.state).toBe('completed');
  const secrets = { 'the old password': oldPassword, 'the new password': await passwordNow(), "the owner's password": OWNER.password };

  const places: Place[] = [{ name: 'log', text: readFileSync('test-results/e2e-server.log', 'utf8') }, readCommandLines(), ...(await readTables(controlUrl()))];
  for (const path of [
    '/projects',
    `/projects/${projectId}`,
    `/projects/${projectId}/jobs`,
    `/jobs/${job.id}`,
    `/projects/${projectId}/audit-events`,
    '/me',
    '/status',
  ]) {
    places.push({ name: path, text: await (await page.request.get(`/api/v1${path}`)).text() });
  }
  for (const tab of ['connections', 'activity', `activity/${job.id}`, 'settings']) {
    await page.goto(`/projects/${projectId}/${tab}`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    places.push({ name: tab, text: await page.content() });
  }
  expect(places.find(({ name }) => name === 'log')?.text).toContain('Rekey is ready');
  expect(places.filter(({ name }) => name.startsWith('table '))).not.toHaveLength(0);
  expect(findSecrets(secrets, places)).toEqual([]);
  // The scan can find: where the password belongs, it is seen.
  const connections = await (await page.request.get(`/api/v1/projects/${projectId}/connections`)).text();
  expect(findSecrets(secrets, [{ name: 'connections', text: connections }])).not.toEqual([]);
});
