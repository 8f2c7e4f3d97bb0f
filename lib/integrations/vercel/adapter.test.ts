import { afterEach, describe, expect, it, vi } from 'vitest';
import { Secret } from '#lib/crypto/secret.ts';
import type { Place, Variable } from '#lib/integrations/integration.ts';
import { vercel } from './adapter.ts';

const fake = await vi.hoisted(async () => {
  const started = await (await import('#scripts/testing/fake-vercel.ts')).startFakeVercel();
  Object.assign(process.env, { REKEY_VERCEL_API_URL: started.url, REKEY_OUTBOUND_ALLOW: '127.0.0.0/8' });
  return started;
});
const token = new Secret(fake.token);

let places = 0;
/** A project of the team, or of a person. */
function project(accountId?: null): Place {
  places += 1;
  const found = fake.addPlace(`app-${places}`, accountId);
  return { token, externalId: found.externalId, accountId: found.accountId };
}
const variables = (values: Record<string, string>): Variable[] => Object.entries(values).map(([name, value]) => ({ name, value: new Secret(value) }));
const put = (place: Place, target: string, values: Record<string, string>) => vercel.putVariables(place, target, variables(values));
const compare = (place: Place, target: string, values: Record<string, string>) => vercel.compareVariables(place, target, variables(values));
const sent = () => fake.requests.filter(({ method }) => method === 'POST').at(-1);

afterEach(() => {
  expect(fake.violations).toEqual([]);
  fake.recover();
});

describe('variables', () => {
  it('are sensitive, for one target each, and for all branches of preview', async () => {
    const place = project();
    await put(place, 'preview', { DATABASE_URL: 'v' });
    expect(sent()).toMatchObject({ query: { upsert: 'true', teamId: place.accountId }, headers: { 'user-agent': 'Rekey' } });
    expect(sent()?.body).toEqual([expect.objectContaining({ key: 'DATABASE_URL', value: 'v', type: 'sensitive', target: ['preview'], gitBranch: null })]);
    expect(fake.held(place.externalId, 'production')).toEqual({});
  });

  it('are encrypted for development, where they can be read back', async () => {
    const place = project();
    await put(place, 'development', { DATABASE_URL: 'v' });
    expect(sent()?.body).toEqual([expect.objectContaining({ type: 'encrypted' })]);
    expect(await compare(place, 'development', { DATABASE_URL: 'v' })).toEqual({ DATABASE_URL: 'same' });
    expect(await compare(place, 'development', { DATABASE_URL: 'w' })).toEqual({ DATABASE_URL: 'other' });
  });

  it('of a person’s own project are put without a team', async () => {
    const place = project(null);
    expect(await put(place, 'production', { A: 'v' })).toEqual([]);
    expect(sent()?.query).toEqual({ upsert: 'true' });
    expect(fake.held(place.externalId, 'production')).toEqual({ A: 'v' });
  });

  it('shared by several targets are changed by id, and the others are put', async () => {
    const place = project();
    fake.hold(place.externalId, ['production', 'preview', 'development'], 'DATABASE_URL', 'old');
    expect(await put(place, 'production', { DATABASE_URL: 'v', DIRECT_URL: 'v' })).toEqual([]);
    expect(fake.requests.filter(({ method }) => method === 'PATCH').at(-1)).toMatchObject({ query: { teamId: place.accountId }, body: { value: 'v' } });
    expect(fake.held(place.externalId, 'production')).toEqual({ DATABASE_URL: 'v', DIRECT_URL: 'v' });
    for (const target of ['preview', 'development']) expect(fake.held(place.externalId, target)).toEqual({ DATABASE_URL: 'v' });
    expect(await compare(place, 'preview', { DATABASE_URL: 'v' })).toEqual({ DATABASE_URL: 'same' });
  });

  it('shared with a custom environment are changed by id', async () => {
    const place = project();
    fake.holdShared(place.externalId, ['production'], ['env_staging'], 'DATABASE_URL', 'old');
    expect(await put(place, 'production', { DATABASE_URL: 'v' })).toEqual([]);
    expect(fake.held(place.externalId, 'production')).toEqual({ DATABASE_URL: 'v' });
  });

  it('shared by several targets are refused where they are too long, and the others are put', async () => {
    const place = project();
    fake.hold(place.externalId, ['production', 'preview'], 'A', 'old');
    expect(await put(place, 'production', { A: 'v'.repeat(70_000), B: 'v' })).toEqual([{ name: 'A', code: 'value_refused' }]);
    expect(fake.held(place.externalId, 'production')).toEqual({ A: 'old', B: 'v' });
  });

  it('that have become shared in the meantime are reported as conflicts', async () => {
    const place = project();
    fake.hold(place.externalId, ['production', 'preview'], 'DATABASE_URL', 'old');
    fake.fail({ kind: 'answer', status: 200, body: { envs: [] } });
    expect(await put(place, 'production', { DATABASE_URL: 'v', DIRECT_URL: 'v' })).toEqual([{ name: 'DATABASE_URL', code: 'target_conflict' }]);
  });

  it('that another integration looks after are left alone', async () => {
    const place = project();
    fake.holdManaged(place.externalId, ['production'], 'POSTGRES_URL', 'theirs');
    expect(await put(place, 'production', { POSTGRES_URL: 'ours', DATABASE_URL: 'ours' })).toEqual([{ name: 'POSTGRES_URL', code: 'managed_elsewhere' }]);
    expect(await put(place, 'production', { POSTGRES_URL: 'ours' })).toEqual([{ name: 'POSTGRES_URL', code: 'managed_elsewhere' }]);
    expect(await put(place, 'preview', { POSTGRES_URL: 'ours' })).toEqual([]);
    expect(fake.held(place.externalId, 'production')).toEqual({ POSTGRES_URL: 'theirs', DATABASE_URL: 'ours' });
  });

  it('that a 201 tells of as failed are refused', async () => {
    const place = project();
    fake.fail({ kind: 'answer', status: 200, body: { envs: [] } });
    fake.fail({ kind: 'partial', names: ['B', 'C'], code: 'ENV_CONFLICT' });
    expect(await put(place, 'production', { A: 'v', B: 'v', C: 'v' })).toEqual([
      { name: 'B', code: 'target_conflict' },
      { name: 'C', code: 'target_conflict' },
    ]);
    fake.fail({ kind: 'answer', status: 200, body: { envs: [] } });
    fake.fail({ kind: 'partial', names: ['B'], code: 'SOMETHING_NEW' });
    expect(await put(place, 'production', { A: 'w', B: 'w' })).toEqual([{ name: 'B', code: 'value_refused' }]);
    expect(fake.held(place.externalId, 'production')).toEqual({ A: 'w' });
  });

  it('are asked for one by one where a 201 does not say which of them failed', async () => {
    const place = project();
    fake.fail({ kind: 'answer', status: 200, body: { envs: [] } });
    fake.fail({ kind: 'answer', status: 201, body: { created: [], failed: [{ error: { code: 'unknown', message: 'no' } }] } });
    expect(await put(place, 'production', { A: 'v', B: 'v' })).toEqual([]);
    expect(fake.held(place.externalId, 'production')).toEqual({ A: 'v', B: 'v' });
  });

  it('that are too long are refused', async () => {
    expect(await put(project(), 'production', { A: 'v'.repeat(70_000) })).toEqual([{ name: 'A', code: 'value_refused' }]);
  });

  it('of other targets and of single branches are another matter', async () => {
    const place = project();
    fake.hold(place.externalId, ['preview'], 'A', 'v');
    expect(await compare(place, 'production', { A: 'v' })).toEqual({ A: 'absent' });
    expect(await compare(place, 'preview', { A: 'v' })).toEqual({ A: 'same' });
    fake.fail({ kind: 'answer', status: 200, body: { envs: [{ id: 'e', key: 'B', type: 'plain', target: 'preview', gitBranch: 'fix', value: 'v' }] } });
    expect(await compare(place, 'preview', { B: 'v' })).toEqual({ B: 'absent' });
  });

  it('of a branch and of a custom environment are targets of their own', async () => {
    const place = project();
    fake.holdForBranch(place.externalId, 'fix/login', 'DATABASE_URL', 'old');
    fake.holdShared(place.externalId, [], ['env_staging'], 'DATABASE_URL', 'old');
    fake.hold(place.externalId, ['preview'], 'OTHER', 'old');
    expect(await vercel.listOwnTargets(place)).toEqual([
      { target: 'branch:fix/login', variables: ['DATABASE_URL'], over: ['preview'] },
      { target: 'custom:env_staging', variables: ['DATABASE_URL'], over: ['preview'] },
    ]);
    for (const target of ['branch:fix/login', 'custom:env_staging']) {
      expect(vercel.isOwnTarget(target)).toBe(true);
      expect(await put(place, target, { DATABASE_URL: 'v', DIRECT_URL: 'v' })).toEqual([]);
      expect(fake.held(place.externalId, target)).toEqual({ DATABASE_URL: 'v', DIRECT_URL: 'v' });
      expect(await compare(place, target, { DATABASE_URL: 'v', MISSING: 'v' })).toEqual({ DATABASE_URL: 'unreadable', MISSING: 'absent' });
    }
    expect(fake.held(place.externalId, 'preview')).toEqual({ OTHER: 'old' });
    for (const target of ['branch:', 'custom:', 'staging', 'environment:production']) expect(vercel.isOwnTarget(target)).toBe(false);
  });

  it('whose value Vercel keeps to itself cannot be compared', async () => {
    const place = project();
    await put(place, 'production', { A: 'v' });
    const before = fake.requests.length;
    expect(await compare(place, 'production', { A: 'v' })).toEqual({ A: 'unreadable' });
    expect(fake.requests).toHaveLength(before + 1);
    fake.fail({ kind: 'answer', status: 200, body: { envs: [{ id: 'e', key: 'A', type: 'encrypted', target: ['production'], value: 'sealed' }] } });
    fake.fail({ kind: 'answer', status: 200, body: { id: 'e', key: 'A', type: 'encrypted', decrypted: false, value: 'v' } });
    expect(await compare(place, 'production', { A: 'v' })).toEqual({ A: 'unreadable' });
  });
});

describe('a failure', () => {
  it.each([
    [403, { error: { code: 'forbidden', message: 'Not authorized', invalidToken: true } }, 'token_refused'],
    [403, { error: { code: 'forbidden', message: 'You do not have permission' } }, 'permission_missing'],
    [403, { error: { code: 'ENV_ALREADY_EXISTS', message: 'Another' } }, 'target_conflict'],
    [404, { error: { code: 'not_found', message: 'Could not find' } }, 'place_missing'],
    [400, { error: { code: 'bad_request', message: 'Invalid teamId' } }, 'place_missing'],
  ])('%i %j is %s', async (status, body, code) => {
    fake.fail({ kind: 'answer', status, body });
    await expect(vercel.readPlace(project())).rejects.toMatchObject({ code });
  });

  it('of too many requests ends when Vercel says', async () => {
    fake.fail({
      kind: 'answer',
      status: 429,
      body: { error: { code: 'rate_limited', limit: { remaining: 0, reset: 4_102_444_800, resetMs: 4_102_444_800_000, total: 6 } } },
    });
    await expect(vercel.readPlace(project())).rejects.toMatchObject({ code: 'rate_limited', retryAt: new Date('2100-01-01T00:00:00Z') });
  });
});

describe('the projects', () => {
  it('of a person and of the teams are listed, each once', async () => {
    const [own, shared] = [project(null), project()];
    const found = await vercel.listPlaces(token, { limit: 100 });
    expect(found.filter(({ externalId }) => [own.externalId, shared.externalId].includes(externalId))).toEqual([
      { externalId: own.externalId, accountId: null, name: expect.any(String) },
      { externalId: shared.externalId, accountId: shared.accountId, name: expect.any(String) },
    ]);
  });

  it('of a part that the token may not see are left out', async () => {
    const own = project(null);
    // Two questions go out at once: for the person's projects and for the teams.
    fake.fail({ kind: 'answer', status: 403, body: { error: { code: 'forbidden' } } });
    const found = await vercel.listPlaces(token, { search: `app-${places}` });
    expect([[], [own.externalId]]).toContainEqual(found.map(({ externalId }) => externalId));
    fake.fail({ kind: 'answer', status: 403, body: { error: { code: 'forbidden' } } }, 2);
    await expect(vercel.listPlaces(token)).rejects.toMatchObject({ code: 'permission_missing' });
  });
});

describe('a deployment', () => {
  const begun = ({ externalId }: Place) => fake.deployments.filter(({ place }) => place === externalId);

  it('by hook needs nothing but the hook', async () => {
    const place = project();
    const { id } = await vercel.redeploy(place, { by: 'hook', url: new Secret(fake.hookUrl(place.externalId)) });
    expect(id).toMatch(/^job_/);
    expect(begun(place)).toMatchObject([{ by: 'hook' }]);
    expect(sent()?.headers.authorization).toBeUndefined();
  });

  it.each([
    ['no address', 'not an address', 'address_refused'],
    ['another scheme', 'file:///etc/passwd', 'address_refused'],
    ['an address inside', 'https://169.254.169.254/latest', 'address_refused'],
    ['a name inside', 'https://localhost:1/hook', 'unreachable'],
    ['a hook that is gone', `${fake.url}/v1/integrations/deploy/prj_gone/hook`, 'deployment_refused'],
  ])('by hook fails at %s', async (_, url, code) => {
    await expect(vercel.redeploy(project(), { by: 'hook', url: new Secret(url) })).rejects.toMatchObject({ code });
  });

  it.each([[301], [302], [401], [403]])('by hook is not led away or let in by %i', async (status) => {
    fake.fail({ kind: 'answer', status, headers: { location: `${fake.url}/elsewhere` } });
    const place = project();
    await expect(vercel.redeploy(place, { by: 'hook', url: new Secret(fake.hookUrl(place.externalId)) })).rejects.toMatchObject({ code: 'deployment_refused' });
    expect(fake.requests.some(({ path }) => path === '/elsewhere')).toBe(false);
  });

  it.each([
    ['github', { repoId: 7, org: 'acme', repo: 'shop' }, { type: 'github', ref: 'main', repoId: 7 }],
    ['gitlab', { projectId: '8' }, { type: 'gitlab', ref: 'main', projectId: '8' }],
    ['bitbucket', { uuid: '{a}', workspaceUuid: '{b}' }, { type: 'bitbucket', ref: 'main', repoUuid: '{a}', workspaceUuid: '{b}' }],
  ])('by the API builds the production branch at %s', async (type, link, gitSource) => {
    const place = project();
    fake.link(place.externalId, { type, productionBranch: 'main', deployHooks: [], ...link });
    expect(await vercel.redeploy(place, { by: 'api' })).toEqual({ id: expect.stringMatching(/^dpl_/) });
    expect(begun(place)).toMatchObject([{ by: 'api', body: { project: place.externalId, target: 'production', gitSource } }]);
    await vercel.redeploy(place, { by: 'api', ref: 'release' });
    expect(begun(place).at(-1)?.body).toMatchObject({ gitSource: { ref: 'release' } });
  });

  it('by the API repeats the latest one where there is no repository', async () => {
    const place = project();
    await expect(vercel.redeploy(place, { by: 'api' })).rejects.toMatchObject({ code: 'deployment_refused' });
    const { id } = await vercel.redeploy(place, { by: 'hook', url: new Secret(fake.hookUrl(place.externalId)) });
    expect(id).not.toBeNull();
    await vercel.redeploy(place, { by: 'api' });
    expect(begun(place)).toMatchObject([{ by: 'hook' }, { by: 'api', body: { deploymentId: begun(place)[0]?.id } }]);
  });
});
