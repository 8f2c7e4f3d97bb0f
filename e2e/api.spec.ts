import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { JobWire } from '#lib/contract/job.ts';
import { problem } from '#lib/contract/problem.ts';
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

interface Generated {
  rotate: (projectId: string) => Promise<JobWire>;
  readJob: (jobId: string) => Promise<JobWire>;
  /** The status and the code of the refusal. */
  readUrls: (projectId: string) => Promise<{ status: number; code: string }>;
}

const GENERATORS: Record<string, (folder: string, document: object, baseUrl: string, key: string) => Promise<Generated>> = {
  oazapfts: async (folder, document, baseUrl, key) => {
    const { generateSource } = await import('oazapfts');
    await writeFile(join(folder, 'openapi.json'), JSON.stringify(document));
    await writeFile(join(folder, 'client.ts'), await generateSource(join(folder, 'openapi.json')));
    const client = await import(join(folder, 'client.ts'));
    Object.assign(client.defaults, { baseUrl, headers: { authorization: `Bearer ${key}` } });
    return {
      rotate: async (projectId) => (await client.rotateProjectCredentials(projectId, undefined, { reason: 'routine' })).data.job,
      readJob: async (jobId) => (await client.getJob(jobId)).data.job,
      readUrls: async (projectId) => {
        const { status, data } = await client.getProjectConnections(projectId);
        return { status, code: data.code };
      },
    };
  },
  'swagger-typescript-api': async (folder, document, baseUrl, key) => {
    const { generateApi } = await import('swagger-typescript-api');
    await generateApi({ spec: document as never, output: folder, fileName: 'client.ts', silent: true });
    const { Api } = await import(join(folder, 'client.ts'));
    const { api } = new Api({ baseUrl, baseApiParams: { secure: true }, securityWorker: () => ({ headers: { authorization: `Bearer ${key}` } }) });
    return {
      rotate: async (projectId) => (await api.rotateProjectCredentials(projectId, { reason: 'routine' })).data.job,
      readJob: async (jobId) => (await api.getJob(jobId)).data.job,
      readUrls: async (projectId) => {
        const { status, error } = await api.getProjectConnections(projectId).catch((answer: unknown) => answer);
        return { status, code: error.code };
      },
    };
  },
};
const TYPE_CHECK = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--module', 'nodenext', '--types', 'node', '--ignoreConfig'];

for (const [name, generate] of Object.entries(GENERATORS))
  test(`a client that ${name} makes of openapi.json type-checks and rotates`, async ({ page, baseURL }, info) => {
    const projectId = await demoProject(page);
    const document = await (await page.request.get('/api/v1/openapi.json')).json();
    const folder = info.outputPath('client');
    await mkdir(folder, { recursive: true });
    const client = await generate(folder, document, baseURL ?? '', await makeKey(page, baseURL ?? ''));
    await promisify(execFile)(process.execPath, ['node_modules/typescript/bin/tsc', ...TYPE_CHECK, join(folder, 'client.ts')]);

    const before = await readConnections(page, projectId);
    const { id } = await client.rotate(projectId);
    await expect.poll(async () => (await client.readJob(id)).state).toBe('completed');
    expect(await tryUrl(before.direct_url)).toBe('28P01');
    expect(await client.readUrls(projectId)).toEqual({ status: 403, code: 'forbidden' });
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
