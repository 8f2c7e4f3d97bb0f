// That the fakes are strict: a judge who never objects proves nothing.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type ProviderFakes, startProviderFakes } from './provider-fakes.ts';

let fakes: ProviderFakes;
beforeAll(async () => {
  fakes = await startProviderFakes();
});
afterAll(() => fakes.stop());
beforeEach(() => {
  for (const { violations } of [fakes.vercel, fakes.netlify, fakes.github]) violations.length = 0;
});

type Name = 'vercel' | 'netlify' | 'github';
const send = (name: Name, method: string, path: string, body?: unknown) =>
  fetch(`${fakes[name].url}${path.replace('{place}', fakes[name].place.externalId).replace('{account}', fakes[name].place.accountId ?? '')}`, {
    method,
    headers: { authorization: `Bearer ${fakes[name].token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

const variable = { key: 'DATABASE_URL', value: 'v', type: 'sensitive', target: ['production'] };
const VERCEL_ENV = '/v10/projects/{place}/env?teamId={account}&upsert=true';
const NETLIFY_ENV = '/api/v1/accounts/{account}/env';
const SECRETS = '/repos/{place}/actions/secrets';

it.each<[Name, string, string, unknown]>([
  ['vercel', 'POST', VERCEL_ENV, { ...variable, gitBranch: null, comment: 'why' }],
  ['vercel', 'POST', VERCEL_ENV, [{ ...variable, type: 'encrypted', target: ['development'] }]],
  ['vercel', 'GET', '/v10/projects/{place}/env?teamId={account}', undefined],
  ['netlify', 'GET', `${NETLIFY_ENV}?site_id={place}`, undefined],
  ['netlify', 'POST', `${NETLIFY_ENV}?site_id={place}`, [{ key: 'A', values: [{ context: 'dev', value: 'v' }] }]],
  ['netlify', 'PATCH', `${NETLIFY_ENV}/A?site_id={place}`, { context: 'production', value: 'v' }],
  ['netlify', 'GET', '/api/v1/sites?filter=all&page=1&per_page=100', undefined],
  ['github', 'GET', '/user/repos?sort=pushed&per_page=100&page=1', undefined],
  ['github', 'GET', '/repos/{place}', undefined],
  ['github', 'GET', `${SECRETS}/public-key`, undefined],
  ['github', 'GET', `${SECRETS}?per_page=100&page=1`, undefined],
  ['github', 'POST', '/repos/{place}/actions/workflows/deploy.yml/dispatches', { ref: 'main' }],
])('%s takes %s %s %j', async (name, method, path, body) => {
  const answer = await send(name, method, path, body);
  expect({ ok: answer.ok, violations: fakes.violations() }).toEqual({ ok: true, violations: [] });
});

it.each<[string, Name, string, string, unknown]>([
  ['an unknown property', 'vercel', 'POST', VERCEL_ENV, { ...variable, secret: true }],
  ['an unknown property in a list', 'vercel', 'POST', VERCEL_ENV, [{ ...variable, targets: [] }]],
  ['an unknown parameter', 'vercel', 'GET', '/v10/projects/{place}/env?teamId={account}&team=1', undefined],
  ['a type that is none', 'vercel', 'POST', VERCEL_ENV, { ...variable, type: 'secret' }],
  ['sensitive for development', 'vercel', 'POST', VERCEL_ENV, { ...variable, target: ['development'] }],
  ['a body where there is none', 'vercel', 'POST', '/v2/teams', {}],
  ['an unknown property of a deployment', 'vercel', 'POST', '/v13/deployments?teamId={account}', { name: 'shop', force: true }],
  ['a path that is none', 'vercel', 'GET', '/v8/projects', undefined],
  ['a variable without values', 'netlify', 'POST', `${NETLIFY_ENV}?site_id={place}`, [{ key: 'B', values: 'v' }]],
  ['a context that is none', 'netlify', 'POST', `${NETLIFY_ENV}?site_id={place}`, [{ key: 'B', values: [{ context: 'preview', value: 'v' }] }]],
  ['a value that is no text', 'netlify', 'PATCH', `${NETLIFY_ENV}/A?site_id={place}`, { context: 'production', value: 7 }],
  ['a secret for development', 'netlify', 'POST', `${NETLIFY_ENV}?site_id={place}`, [{ key: 'B', is_secret: true, values: [{ context: 'dev', value: 'v' }] }]],
  ['a secret for all', 'netlify', 'POST', `${NETLIFY_ENV}?site_id={place}`, [{ key: 'B', is_secret: true, values: [{ context: 'all', value: 'v' }] }]],
  ['a filter that is none', 'netlify', 'GET', '/api/v1/sites?filter=mine', undefined],
  ['a path that is none', 'netlify', 'GET', '/api/v1/site', undefined],
  ['a secret without its key', 'github', 'PUT', `${SECRETS}/A`, { encrypted_value: 'c2VjcmV0' }],
  ['a secret that is not base64', 'github', 'PUT', `${SECRETS}/A`, { encrypted_value: 'not base64', key_id: '1' }],
  ['a workflow without a ref', 'github', 'POST', '/repos/{place}/actions/workflows/deploy.yml/dispatches', {}],
  ['a path that is none', 'github', 'GET', '/repos/{place}/secrets', undefined],
])('%s is a violation at %s', async (_, name, method, path, body) => {
  await send(name, method, path, body);
  expect(fakes.violations()).not.toEqual([]);
});
