import { apiKeyCreated, me } from '#lib/http/wire/account.ts';
import { type JobWire, jobAnswer } from '#lib/http/wire/job.ts';
import { expect, test } from './fixtures.ts';
import { demoProject, readConnections, tryUrl } from './project.ts';

test('a client of the documented API rotates with a key, by both base URLs', async ({ page, playwright, baseURL }) => {
  const projectId = await demoProject(page);
  const { organization } = me.parse(await (await page.request.get('/api/v1/me')).json());
  const created = await page.request.post(`/api/v1/organizations/${organization.id}/api-keys`, {
    headers: { origin: baseURL ?? '' },
    data: { name: 'e2e', scopes: ['projects:read', 'credentials:rotate'] },
  });
  expect(created.status()).toBe(201);
  const { plaintext_api_key: key } = apiKeyCreated.parse(await created.json());
  const client = await playwright.request.newContext({ baseURL, extraHTTPHeaders: { authorization: `Bearer ${key}` } });

  for (const base of ['/api/v1', '/api/capydb/v1']) {
    const before = await readConnections(page, projectId);
    const answer = await client.post(`${base}/projects/${projectId}/credentials/rotate`);
    expect(answer.status()).toBe(202);
    const { job } = jobAnswer.parse(await answer.json());
    expect(job).toMatchObject({ type: 'project.rotate_credentials', project_id: projectId });
    const read = async (): Promise<JobWire> => jobAnswer.parse(await (await client.get(`${base}/jobs/${job.id}`)).json()).job;
    await expect.poll(async () => (await read()).state).toBe('completed');
    expect(await tryUrl(before.direct_url)).toBe('28P01');
    expect(await tryUrl((await readConnections(page, projectId)).direct_url)).toBe('accepted');
  }
  expect((await client.get(`/api/v1/projects/${projectId}/connections`)).status()).toBe(403);
  await client.dispose();
});
