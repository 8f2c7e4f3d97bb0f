import { afterEach, expect, it, vi } from 'vitest';
import { Secret } from '#lib/crypto/secret.ts';
import type { Place, Variable } from '#lib/integrations/integration.ts';
import { github } from './adapter.ts';

const fake = await vi.hoisted(async () => {
  const started = await (await import('#scripts/testing/fake-github.ts')).startFakeGithub();
  process.env.REKEY_GITHUB_API_URL = started.url;
  return started;
});

let places = 0;
function repository(): Place {
  places += 1;
  const { externalId, accountId } = fake.addPlace(`app-${places}`);
  return { token: new Secret(fake.token), externalId, accountId };
}
const variables = (values: Record<string, string>): Variable[] => Object.entries(values).map(([name, value]) => ({ name, value: new Secret(value) }));
const put = (place: Place, values: Record<string, string>) => github.putVariables(place, 'actions', variables(values));

afterEach(() => {
  expect(fake.violations).toEqual([]);
  fake.recover();
});

it('sends a sealed value, another one each time', async () => {
  const place = repository();
  await put(place, { DATABASE_URL: 'a value that nobody may see' });
  await put(place, { DATABASE_URL: 'a value that nobody may see' });
  const bodies = fake.requests.filter(({ method }) => method === 'PUT').map(({ body }) => JSON.stringify(body));
  expect(new Set(bodies).size).toBe(2);
  expect(bodies.join()).not.toContain('nobody');
  expect(fake.held(place.externalId, 'actions')).toEqual({ DATABASE_URL: 'a value that nobody may see' });
});

it('finds secrets whatever the case of their names, beyond the first page', async () => {
  const place = repository();
  for (let n = 0; n < 130; n++) fake.hold(place.externalId, [], `SECRET_${n}`, 'v');
  const held = await github.compareVariables(place, 'actions', variables({ secret_129: 'v', SECRET_130: 'v' }));
  // The fake gives all at once; GitHub a hundred.
  expect(held).toEqual({ secret_129: 'unreadable', SECRET_130: 'absent' });
  expect(fake.requests.filter(({ path }) => path.endsWith('/secrets')).map(({ query }) => query)).toEqual([
    { per_page: '100', page: '1' },
    { per_page: '100', page: '2' },
  ]);
});

it('refuses the names that GitHub keeps for itself, and puts the others', async () => {
  const place = repository();
  expect(await put(place, { A: 'v', GITHUB_B: 'v', C: 'v' })).toEqual([{ name: 'GITHUB_B', code: 'value_refused' }]);
  expect(fake.held(place.externalId, 'actions')).toEqual({ A: 'v', C: 'v' });
});

it.each<[number, Record<string, string>, string, Date | null]>([
  [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '4102444800' }, 'rate_limited', new Date('2100-01-01T00:00:00Z')],
  [403, { 'retry-after': 'Fri, 01 Jan 2100 00:00:00 GMT' }, 'rate_limited', new Date('2100-01-01T00:00:00Z')],
  [429, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '4102444800' }, 'rate_limited', new Date('2100-01-01T00:00:00Z')],
  [403, { 'x-ratelimit-remaining': '4999', 'x-ratelimit-reset': '4102444800' }, 'permission_missing', null],
  [301, { location: 'https://api.github.com/repositories/1' }, 'place_missing', null],
  [307, { location: 'https://api.github.com/repositories/1' }, 'place_missing', null],
])('tells of %i %j as %s', async (status, headers, code, retryAt) => {
  fake.fail({ kind: 'answer', status, headers, body: { message: 'No' } });
  await expect(put(repository(), { A: 'v' })).rejects.toMatchObject({ code, retryAt });
});

it('begins a workflow on the default branch, or on another', async () => {
  const place = repository();
  expect(await github.redeploy(place, { by: 'api', workflow: 'deploy.yml' })).toEqual({ id: null });
  expect(await github.redeploy(place, { by: 'api', workflow: 'deploy.yml', ref: 'main' })).toEqual({ id: null });
  expect(fake.deployments.filter((one) => one.place === place.externalId)).toMatchObject([{ body: { ref: 'main' } }, { body: { ref: 'main' } }]);
  fake.fail({ kind: 'answer', status: 200, body: { workflow_run_id: 42, run_url: 'https://x', html_url: 'https://x' } });
  expect(await github.redeploy(place, { by: 'api', workflow: 'deploy.yml', ref: 'main' })).toEqual({ id: '42' });
});

it.each([
  ['no workflow', {}],
  ['a workflow that is none', { workflow: 'gone.yml' }],
  ['a branch that is none', { workflow: 'deploy.yml', ref: 'gone' }],
  ['a workflow that leads elsewhere', { workflow: '..' }],
])('begins nothing with %s', async (_, how) => {
  await expect(github.redeploy(repository(), { by: 'api', ...how })).rejects.toMatchObject({ code: 'deployment_refused' });
});

it('lists the repositories that the token may write to', async () => {
  const repositories = [
    { full_name: 'acme/ours', default_branch: 'main', permissions: { push: true } },
    { full_name: 'acme/told-nothing', default_branch: 'main' },
    { full_name: 'acme/read-only', default_branch: 'main', permissions: { push: false } },
    { full_name: 'acme/archived', default_branch: 'main', archived: true, permissions: { push: true } },
  ];
  fake.fail({ kind: 'answer', status: 200, body: repositories });
  expect((await github.listPlaces(new Secret(fake.token))).map(({ name }) => name)).toEqual(['acme/ours', 'acme/told-nothing']);
});

it('lists environments with their secrets, which win over those of the repository, and puts them there', async () => {
  const place = repository();
  fake.addEnvironment(place.externalId, 'production');
  fake.addEnvironment(place.externalId, 'feature/a b');
  fake.hold(place.externalId, ['environment:production'], 'DATABASE_URL', 'old');
  expect(await github.listOwnTargets(place)).toEqual([
    { target: 'environment:production', variables: ['DATABASE_URL'], over: ['actions'] },
    { target: 'environment:feature/a b', variables: [], over: ['actions'] },
  ]);
  for (const target of ['environment:production', 'environment:feature/a b']) {
    expect(github.isOwnTarget(target)).toBe(true);
    expect(await github.putVariables(place, target, variables({ DATABASE_URL: 'new' }))).toEqual([]);
    expect(fake.held(place.externalId, target)).toEqual({ DATABASE_URL: 'new' });
    expect(await github.compareVariables(place, target, variables({ DATABASE_URL: 'new', B: 'v' }))).toEqual({ DATABASE_URL: 'unreadable', B: 'absent' });
  }
  expect(fake.held(place.externalId, 'actions')).toEqual({});
  await expect(github.putVariables(place, 'environment:gone', variables({ A: 'v' }))).rejects.toMatchObject({ code: 'place_missing' });
  for (const target of ['environment:', 'production', 'branch:main']) expect(github.isOwnTarget(target)).toBe(false);
});

it('lists the secrets that the organization shares with the repository, which lose against its own', async () => {
  const place = repository();
  expect(await github.listInherited(place)).toEqual([]);
  for (let n = 0; n < 130; n++) fake.share(place.externalId, `SECRET_${n}`);
  const [inherited, ...none] = await github.listInherited(place);
  expect(none).toEqual([]);
  expect(inherited).toMatchObject({ from: 'organization', variables: expect.arrayContaining(['SECRET_0', 'SECRET_129']) });
  expect(await github.compareVariables(place, 'actions', variables({ SECRET_0: 'v' }))).toEqual({ SECRET_0: 'absent' });
  // The repository of a person has no organization, and a token may not see it.
  for (const status of [403, 404]) {
    fake.fail({ kind: 'answer', status, body: { message: 'Not Found' } });
    expect(await github.listInherited(place)).toEqual([]);
  }
});

it('lists no environments where the token may not read them', async () => {
  const place = repository();
  fake.addEnvironment(place.externalId, 'production');
  fake.fail({ kind: 'answer', status: 403, body: { message: 'Resource not accessible by personal access token' } });
  expect(await github.listOwnTargets(place)).toEqual([]);
});
