import { afterEach, expect, it, vi } from 'vitest';
import { Secret } from '#lib/crypto/secret.ts';
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
  fake.mend();
});

it('makes a secret without scopes, then changes one context of it', async () => {
  const place = site();
  await put(place, 'production', { DATABASE_URL: 'v' });
  expect(sent()).toMatchObject({ method: 'POST', query: { site_id: place.externalId } });
  expect(sent()?.body).toEqual([{ key: 'DATABASE_URL', is_secret: true, values: [{ context: 'production', value: 'v' }] }]);
  await put(place, 'deploy-preview', { DATABASE_URL: 'w' });
  expect(sent()).toMatchObject({ method: 'PATCH', body: { context: 'deploy-preview', value: 'w' } });
  expect(fake.held(place.externalId, 'production')).toEqual({ DATABASE_URL: 'v' });
  expect(fake.held(place.externalId, 'deploy-preview')).toEqual({ DATABASE_URL: 'w' });
});

it.each(netlify.targets)('takes the context %s', async (target) => {
  const place = site();
  expect(await put(place, target, { A: 'v' })).toEqual([]);
  expect(await put(place, target, { A: 'w', B: 'w' })).toEqual([]);
  expect(fake.held(place.externalId, target)).toEqual({ A: 'w', B: 'w' });
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
