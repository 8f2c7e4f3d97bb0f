import { globSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, it } from 'vitest';
import { root } from '#scripts/run-tool.ts';
import { makeDocument } from './make-document.ts';

it('is valid OpenAPI 3.1, with every operation named once', async () => {
  // As it goes over the wire.
  const document = JSON.parse(JSON.stringify(await makeDocument()));
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  expect(errors ?? []).toEqual([]);
  expect(valid).toBe(true);
  const paths: Record<string, { operationId: string }>[] = Object.values(document.paths);
  const names = paths.flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
  expect(new Set(names).size).toBe(names.length);
});

it('names operations as people do, and says what each is about and how it refuses', async () => {
  const { paths = {}, tags = [] } = await makeDocument();
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods ?? {}).map(([method, operation]) => ({ path, method, ...operation })),
  );
  const names = Object.fromEntries(operations.map(({ operationId, path, method }) => [operationId, `${method} ${path.replace('/api/v1/', '')}`]));
  expect(names).toMatchObject({
    listProjects: 'get projects',
    createProject: 'post projects',
    rotateProjectCredentials: 'post projects/{projectId}/credentials/rotate',
    getJob: 'get jobs/{jobId}',
    rotateOrganizationApiKey: 'post organizations/{organizationId}/api-keys/{keyId}/rotate',
    resetSiteDatabasePassword: 'post vector/sites/{siteId}/database/reset-password',
  });
  const described = tags.map(({ name }) => name);
  for (const { summary, tags: own, responses } of operations) {
    expect(summary).toMatch(/^[A-Z]/);
    expect(described).toContain(own?.[0]);
    expect(Object.keys(responses ?? {})).toEqual(expect.arrayContaining(['429', '500']));
  }
});

/** They answer nothing of a schema: a stream, the refusal of unknown addresses, and the document itself. */
const UNDESCRIBED = ['app/api/v1/[...unknown]', 'app/api/v1/live', 'app/api/v1/openapi.json', 'app/api/v1/vector/[...unknown]'];

it('describes every route of the API', async () => {
  const { paths = {} } = await makeDocument();
  const folders = globSync('app/api/v1/**/route.ts', { cwd: root }).map((file) => file.replace('/route.ts', ''));
  const missing = folders.filter((folder) => !(`/${folder.slice('app/'.length).replaceAll('[', '{').replaceAll(']', '}')}` in paths));
  expect(missing.sort()).toEqual(UNDESCRIBED);
});
