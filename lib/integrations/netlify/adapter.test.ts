import { afterEach, expect, it, vi } from 'vitest';
import { Secret } from '#lib/crypto/secret.ts';
import { targetsOf } from '#lib/integrations/config.ts';
import type { Place, Variable } from '#lib/integrations/integration.ts';
import { netlify } from './adapter.ts';

const fake = await vi.hoisted(async () => {
  const started = await (await import('#scripts/testing/fake-netlify.ts')).startFakeNetlify();
  process.env.REKEY_NETLIFY_API_URL = `${started.url}/api/v1/`;
  return started;
});

let places = 0;
function site(): Place {
  places += 1;
  const { externalId, accountId } = fake.addPlace(`app-${places}`);
  return { token: new Secret(fake.token), externalId, accountId };
}
const variables = (values: Record<string, string>): Variable[] => Object.entries(values).map(([name, value]) => ({ name, value: new Secret(value) }));
const put = (place: Place, target: string, values: Record<string, string>) => netlify.putVariables(place, target, variables(values));
const compare = (place: Place, target: string, values: Record<string, string>) => netlify.compareVariables(place, target, variables(values));
const sent = () => fake.requests.filter(({ method }) => method !== 'GET').at(-1);

afterEach(() => {
  expect(fake.violations).toEqual([]);
  fake.recover();
  fake.setPlan('free');
});

it('makes a secret with the scopes that a secret may have, then changes one context of it', async () => {
  const place = site();
  await put(place, 'production', { DATABASE_URL: 'v' });
  expect(sent()).toMatchObject({ method: 'POST', query: { site_id: place.externalId } });
  expect(sent()?.body).toEqual([
    { key: 'DATABASE_URL', is_secret: true, scopes: ['builds', 'functions', 'runtime'], values: [{ context: 'production', value: 'v' }] },
  ]);
  await put(place, 'deploy-preview', { DATABASE_URL: 'w' });
  expect(sent()).toMatchObject({ method: 'PATCH', body: { context: 'deploy-preview', value: 'w' } });
  expect(fake.held(place.externalId, 'production')).toEqual({ DATABASE_URL: 'v' });
  expect(fake.held(place.externalId, 'deploy-preview')).toEqual({ DATABASE_URL: 'w' });
});

it.each(targetsOf('netlify').all)('takes the context %s', async (target) => {
  const place = site();
  expect(await put(place, target, { A: 'v' })).toEqual([]);
  expect(await put(place, target, { A: 'w', B: 'w' })).toEqual([]);
  expect(fake.held(place.externalId, target)).toEqual({ A: 'w', B: 'w' });
});

it.each(['free', 'pro', 'unscoped'] as const)('makes secrets as the plan %s allows', async (plan) => {
  fake.setPlan(plan);
  const place = site();
  expect(await put(place, 'production', { A: 'v', B: 'v' })).toEqual([]);
  const scopes = ['builds', 'functions', 'runtime', ...(plan === 'unscoped' ? ['post-processing'] : [])];
  for (const name of ['A', 'B']) expect(fake.describe(place.externalId, name)).toEqual({ isSecret: true, scopes });
});

it('makes no secret of a value for local development alone, until another value joins it', async () => {
  const place = site();
  expect(await put(place, 'dev', { LOCAL: 'v' })).toEqual([]);
  expect(fake.describe(place.externalId, 'LOCAL')).toMatchObject({ isSecret: false });
  expect(await put(place, 'production', { LOCAL: 'w' })).toEqual([]);
  expect(fake.describe(place.externalId, 'LOCAL')).toEqual({ isSecret: true, scopes: ['builds', 'functions', 'runtime'] });
  expect(fake.held(place.externalId, 'production')).toEqual({ LOCAL: 'w' });
  // The value for development stays readable in a secret.
  expect(await compare(place, 'dev', { LOCAL: 'v' })).toEqual({ LOCAL: 'same' });
  await put(place, 'production', { DATABASE_URL: 'v' });
  expect(await put(place, 'dev', { DATABASE_URL: 'local' })).toEqual([]);
  expect(fake.describe(place.externalId, 'DATABASE_URL')).toMatchObject({ isSecret: true });
  expect(await compare(place, 'dev', { DATABASE_URL: 'local' })).toEqual({ DATABASE_URL: 'same' });
});

it('writes all contexts one by one, since a secret cannot have one value for all', async () => {
  const place = site();
  expect(await put(place, 'all', { A: 'v' })).toEqual([]);
  expect(fake.describe(place.externalId, 'A')).toMatchObject({ isSecret: true });
  expect(await put(place, 'all', { A: 'w' })).toEqual([]);
  for (const context of ['production', 'deploy-preview', 'branch-deploy', 'dev']) expect(fake.held(place.externalId, context)).toEqual({ A: 'w' });
  expect(await compare(place, 'all', { A: 'w' })).toEqual({ A: 'unreadable' });
  expect(await compare(place, 'all', { A: 'v' })).toEqual({ A: 'other' });
  // One value for all that a person made stays one.
  fake.hold(place.externalId, ['all'], 'B', 'v');
  expect(await put(place, 'all', { B: 'w' })).toEqual([]);
  expect(await compare(place, 'all', { B: 'w' })).toEqual({ B: 'same' });
  fake.hold(place.externalId, ['production'], 'C', 'v');
  expect(await compare(place, 'all', { C: 'v' })).toEqual({ C: 'absent' });
});

it('lists branches and contexts that hold a value of their own, with what they win over', async () => {
  const place = site();
  fake.hold(place.externalId, ['production', 'branch:feature/a b'], 'DATABASE_URL', 'old');
  fake.hold(place.externalId, ['all', 'dev'], 'SHARED', 'old');
  expect(await netlify.listOwnTargets(place)).toEqual([
    { target: 'branch:feature/a b', variables: ['DATABASE_URL'], over: ['branch-deploy', 'all'] },
    { target: 'dev', variables: ['SHARED'], over: ['all'] },
  ]);
  const target = 'branch:feature/a b';
  expect(netlify.isOwnTarget(target)).toBe(true);
  expect(await put(place, target, { DATABASE_URL: 'new', ANOTHER: 'new' })).toEqual([]);
  expect(fake.held(place.externalId, target)).toMatchObject({ DATABASE_URL: 'new', ANOTHER: 'new' });
  expect(fake.held(place.externalId, 'production')).toMatchObject({ DATABASE_URL: 'old' });
  expect(await compare(place, target, { DATABASE_URL: 'new', ANOTHER: 'new' })).toEqual({ DATABASE_URL: 'same', ANOTHER: 'unreadable' });
  for (const other of ['branch:', 'custom:a', 'environment:a']) expect(netlify.isOwnTarget(other)).toBe(false);
});

it('lists the variables of the team, over which those of a site win', async () => {
  fake.holdShared('DATABASE_URL', 'of the team');
  expect(await netlify.listInherited(site())).toEqual([{ from: 'team', variables: ['DATABASE_URL'] }]);
  fake.fail({ kind: 'answer', status: 403, body: { code: 403, message: 'Forbidden' } });
  expect(await netlify.listInherited(site())).toEqual([]);
});

it('finds the account of a site where it is not told', async () => {
  const place = { ...site(), accountId: null };
  expect(await put(place, 'production', { A: 'v' })).toEqual([]);
  expect(await compare(place, 'production', { A: 'v' })).toEqual({ A: 'unreadable' });
});

it('compares what Netlify shows: values that are no secret, and those for local development', async () => {
  const place = site();
  fake.hold(place.externalId, ['production'], 'PLAIN', 'v');
  fake.hold(place.externalId, ['all'], 'EVERYWHERE', 'v');
  await put(place, 'dev', { LOCAL: 'v' });
  expect(await compare(place, 'production', { PLAIN: 'v', EVERYWHERE: 'v', LOCAL: 'v' })).toEqual({ PLAIN: 'same', EVERYWHERE: 'same', LOCAL: 'absent' });
  expect(await compare(place, 'production', { PLAIN: 'w', EVERYWHERE: 'w' })).toEqual({ PLAIN: 'other', EVERYWHERE: 'other' });
  expect(await compare(place, 'dev', { LOCAL: 'v' })).toEqual({ LOCAL: 'same' });
  expect(await compare(place, 'dev', { LOCAL: 'w', PLAIN: 'v' })).toEqual({ LOCAL: 'other', PLAIN: 'absent' });
});

it('puts the others where one of several is refused', async () => {
  const place = site();
  expect(await put(place, 'production', { A: 'v', '1B': 'v', C: 'v' })).toEqual([{ name: '1B', code: 'value_refused' }]);
  expect(fake.held(place.externalId, 'production')).toEqual({ A: 'v', C: 'v' });
});

it('comes again later where somebody else made the variable meanwhile', async () => {
  const place = site();
  await put(place, 'production', { A: 'v' });
  fake.fail({ kind: 'answer', status: 200, body: [] });
  await expect(put(place, 'production', { A: 'w' })).rejects.toMatchObject({ code: 'provider_failed' });
  expect(await put(place, 'production', { A: 'w' })).toEqual([]);
});

it('waits until the end of a rate limit', async () => {
  fake.fail({ kind: 'answer', status: 429, headers: { 'x-ratelimit-reset': '4102444800', 'x-ratelimit-remaining': '0' } });
  await expect(netlify.readPlace(site())).rejects.toMatchObject({ code: 'rate_limited', retryAt: new Date('2100-01-01T00:00:00Z') });
});

it('builds anew without the cache, on a branch where one is told', async () => {
  const place = site();
  expect(await netlify.redeploy(place, { by: 'api' })).toEqual({ id: expect.stringMatching(/^build-/) });
  await netlify.redeploy(place, { by: 'api', ref: 'release' });
  expect(fake.deployments.filter((one) => one.place === place.externalId)).toMatchObject([
    { body: { clear_cache: 'true' } },
    { body: { clear_cache: 'true', branch: 'release' } },
  ]);
  await expect(netlify.redeploy(place, { by: 'hook', url: new Secret('https://example.com') })).rejects.toMatchObject({ code: 'deployment_refused' });
  fake.removePlace(place.externalId);
  await expect(netlify.redeploy(place, { by: 'api' })).rejects.toMatchObject({ code: 'deployment_refused' });
});

it('pages through the sites', async () => {
  for (let n = 0; n < 120; n++) fake.addPlace(`many-${n}`);
  expect(await netlify.listPlaces(new Secret(fake.token), { limit: 500, search: 'MANY' })).toHaveLength(120);
  expect(fake.requests.filter(({ path }) => path === '/api/v1/sites').map(({ query }) => query.page)).toEqual(['1', '2']);
});
