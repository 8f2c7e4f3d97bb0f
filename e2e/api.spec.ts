import { generate, HttpClient } from 'openapi-typescript-codegen';
import type { JobWire } from '#lib/http/wire/job.ts';
import { problem } from '#lib/http/wire/problem.ts';
import { expect, test } from './fixtures.ts';
import { makeKey } from './make-key.ts';
import { demoProject, readConnections, tryUrl } from './project.ts';

test('a client of the documented API rotates with a key, by both base URLs', async ({ page, playwright, baseURL }) => {
  const projectId = await demoProject(page);
  const key = await makeKey(page, baseURL ?? '');
  const client = await playwright.request.newContext({ baseURL, extraHTTPHeaders: { authorization: `Bearer ${key}` } });

  for (const base of ['/api/v1', '/api/capydb/v1']) {
    const before = await readConnections(page, projectId);
    const answer = await client.post(`${base}/projects/${projectId}/credentials/rotate`);
    expect(answer.status()).toBe(202);
    // CapyDB's types leave out what is not there.
    const { job } = (await answer.json()) as { job: JobWire };
    expect(job).toMatchObject({ type: 'project.rotate_credentials', project_id: projectId });
    const read = async (): Promise<JobWire> => (await (await client.get(`${base}/jobs/${job.id}`)).json()).job;
    await expect.poll(async () => (await read()).state).toBe('completed');
    expect(await tryUrl(before.direct_url)).toBe('28P01');
    expect(await tryUrl((await readConnections(page, projectId)).direct_url)).toBe('accepted');
  }
  expect((await client.get(`/api/v1/projects/${projectId}/connections`)).status()).toBe(403);
  await client.dispose();
});

test('a client generated from openapi.json rotates', async ({ page, baseURL }, info) => {
  const projectId = await demoProject(page);
  const document = await (await page.request.get('/api/v1/openapi.json')).json();
  await generate({ input: document, output: info.outputPath('client'), httpClient: HttpClient.FETCH, useUnionTypes: true });
  const { OpenAPI, ProjectsService, RotationsService } = await import(info.outputPath('client/index.ts'));
  Object.assign(OpenAPI, { BASE: baseURL, TOKEN: await makeKey(page, baseURL ?? '') });

  const before = await readConnections(page, projectId);
  const { job } = await RotationsService.rotateProjectCredentials(projectId, { reason: 'routine' });
  await expect.poll(async () => (await RotationsService.getJob(job.id)).job.state).toBe('completed');
  expect(await tryUrl(before.direct_url)).toBe('28P01');
  await expect(ProjectsService.getProjectConnections(projectId)).rejects.toMatchObject({ status: 403, body: { code: 'forbidden' } });
});

test('a method that an address does not have is refused with a body', async ({ page }) => {
  for (const base of ['/api/v1', '/api/capydb/v1']) {
    const answer = await page.request.delete(`${base}/me`);
    expect([answer.status(), answer.headers()['content-type'], answer.headers().allow]).toEqual([405, 'application/problem+json', 'GET']);
    expect(problem.parse(await answer.json())).toMatchObject({ code: 'method_not_allowed' });
  }
  const answer = await page.request.patch('/api/v1/vector/sites');
  expect([answer.status(), await answer.json()]).toEqual([405, expect.objectContaining({ data: {}, http_status: 405 })]);
});
