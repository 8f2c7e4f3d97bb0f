// What every provider must do for Rekey, against fakes that the providers' own documents judge.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { PROVIDER_NAMES, PROVIDERS, type Provider } from '#lib/contract/providers/providers.ts';
import { Secret } from '#lib/crypto/secret.ts';
import { env } from '#lib/kernel/env.ts';
import { findSecrets } from '#scripts/testing/canary.ts';
import type { Fault, ProviderFake } from '#scripts/testing/provider-server.ts';
import { targetsOf } from './config.ts';
import { classOf, IntegrationError, type Place, type Redeploy, type Variable } from './integration.ts';
import { integrationFor } from './registry.ts';

const fakes = await vi.hoisted(async () => (await import('#scripts/testing/provider-fakes.ts')).startProviderFakes());

/** Every character that a URL, a shell or a JSON text could trip over. */
const VALUE = 'postgresql://app:p%40ss%2Fw%C3%B6rd@db.example.com:5432/app?sslmode=require&x="\'$`\\\n\u{1F511}';

let places = 0;
/** A place of its own, and what is asked of it. */
function start(provider: Provider) {
  const fake = fakes[provider];
  const integration = integrationFor(provider);
  places += 1;
  const { externalId, accountId } = fake.addPlace(`app-${places}`);
  const place: Place = { token: new Secret(fake.token), externalId, accountId };
  const target = targetsOf(provider).default[0] ?? '';
  const { hook, api } = PROVIDERS[provider].redeploy;
  const byApi: Redeploy = { by: 'api', ...(api?.needs === 'workflow' && { workflow: 'deploy.yml' }) };
  const redeployment: Redeploy = hook && 'hookUrl' in fake ? { by: 'hook', url: new Secret(fake.hookUrl(externalId)) } : byApi;
  return {
    fake,
    integration,
    place,
    target,
    redeployment,
    put: (values: Record<string, string>) => integration.putVariables(place, target, variables(values)),
    held: () => fake.held(externalId, target),
  };
}
const variables = (values: Record<string, string>): Variable[] => Object.entries(values).map(([name, value]) => ({ name, value: new Secret(value) }));

/** The failure of a call; a call that goes well fails the test. */
async function failureOf(call: Promise<unknown>): Promise<IntegrationError> {
  const error = await call.then(
    (value) => ({ went: 'well', value }),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(IntegrationError);
  return error as IntegrationError;
}

const PATIENCE_MS = env.REKEY_PROVIDER_TIMEOUT_MS;
/** Short patience where no answer will come, and only there: the machine may be slow. */
function breakWith(fake: ProviderFake, fault: Fault): void {
  env.REKEY_PROVIDER_TIMEOUT_MS = fault.kind === 'hang' || fault.kind === 'stalled_body' ? 200 : PATIENCE_MS;
  fake.recover();
  fake.fail(fault, Number.POSITIVE_INFINITY);
}

afterEach(() => {
  env.REKEY_PROVIDER_TIMEOUT_MS = PATIENCE_MS;
  const violations = fakes.violations();
  for (const name of PROVIDER_NAMES) {
    const fake = fakes[name];
    fake.recover();
    fake.violations.length = 0;
  }
  expect(violations).toEqual([]);
});

describe.each(PROVIDER_NAMES)('%s', (provider) => {
  it('puts variables where there were none, and over those that were there', async () => {
    const { put, held } = start(provider);
    expect(await put({ DATABASE_URL: VALUE, DIRECT_URL: 'direct' })).toEqual([]);
    expect(held()).toEqual({ DATABASE_URL: VALUE, DIRECT_URL: 'direct' });
    expect(await put({ DATABASE_URL: 'newer', PGPASSWORD: 'p' })).toEqual([]);
    expect(held()).toEqual({ DATABASE_URL: 'newer', DIRECT_URL: 'direct', PGPASSWORD: 'p' });
    expect(await put({ DATABASE_URL: 'newer', PGPASSWORD: 'p' })).toEqual([]);
    expect(await put({})).toEqual([]);
  });

  it('puts over a variable that a person made', async () => {
    const { fake, place, target, put, held } = start(provider);
    fake.hold(place.externalId, [target], 'DATABASE_URL', 'by hand');
    expect(await put({ DATABASE_URL: 'ours' })).toEqual([]);
    expect(held()).toEqual({ DATABASE_URL: 'ours' });
  });

  it('says of what it wrote that it cannot be read, and what is absent', async () => {
    const { integration, place, target, put } = start(provider);
    await put({ DATABASE_URL: VALUE });
    const held = await integration.compareVariables(place, target, variables({ DATABASE_URL: VALUE, DIRECT_URL: VALUE }));
    expect(held).toEqual({ DATABASE_URL: 'unreadable', DIRECT_URL: 'absent' });
  });

  it('lists and reads the places of a token', async () => {
    const { fake, integration, place } = start(provider);
    const mine = { externalId: place.externalId, accountId: place.accountId, name: expect.stringContaining(`app-${places}`) };
    expect(await integration.listPlaces(place.token)).toContainEqual(mine);
    expect(await integration.listPlaces(place.token, { search: `app-${places}` })).toEqual([mine]);
    expect(await integration.listPlaces(place.token, { limit: 1 })).toHaveLength(1);
    expect(await integration.listPlaces(new Secret(fake.token), { search: 'no such name' })).toEqual([]);
    expect(await integration.readPlace(place)).toEqual(mine);
  });

  it('begins a deployment', async () => {
    const { fake, integration, place, redeployment } = start(provider);
    await integration.redeploy(place, redeployment);
    expect(fake.deployments.filter((one) => one.place === place.externalId)).toHaveLength(1);
  });

  it('refuses one name that cannot be, and puts the others', async () => {
    const { put, held } = start(provider);
    expect(await put({ 'NO SUCH-NAME': 'v', DATABASE_URL: 'v' })).toEqual([{ name: 'NO SUCH-NAME', code: 'value_refused' }]);
    expect(held()).toEqual({ DATABASE_URL: 'v' });
  });

  it('says what is wrong with a token', async () => {
    const { fake, integration, place, target } = start(provider);
    const wrong = { ...place, token: new Secret('a-token-that-is-wrong') };
    const readOnly = { ...place, token: new Secret(fake.readOnlyToken) };
    const codes = await Promise.all([
      failureOf(integration.listPlaces(wrong.token)),
      failureOf(integration.readPlace(wrong)),
      failureOf(integration.putVariables(wrong, target, variables({ A: 'v' }))),
      failureOf(integration.putVariables(readOnly, target, variables({ A: 'v' }))),
    ]);
    expect(codes.map(({ code }) => code)).toEqual(['token_refused', 'token_refused', 'token_refused', 'permission_missing']);
    expect(codes.map(({ code }) => classOf(code))).toEqual(['auth', 'auth', 'auth', 'auth']);
  });

  it.each(['', '..', 'a/../b', 'nobody/nothing', '../../v2/teams', '%2e%2e'])('tells that there is no place %j', async (externalId) => {
    const { integration, place, target } = start(provider);
    const other = { ...place, externalId };
    expect(await failureOf(integration.readPlace(other))).toMatchObject({ code: 'place_missing' });
    expect(await failureOf(integration.putVariables(other, target, variables({ A: 'v' })))).toMatchObject({ code: 'place_missing' });
    expect(await failureOf(integration.compareVariables(other, target, variables({ A: 'v' })))).toMatchObject({ code: 'place_missing' });
  });

  it('tells that a place is gone', async () => {
    const { fake, put, place } = start(provider);
    await put({ A: 'v' });
    fake.removePlace(place.externalId);
    expect(await failureOf(put({ A: 'w' }))).toMatchObject({ code: 'place_missing', retryAt: null });
  });

  it.each<[Fault, string]>([
    [{ kind: 'reset' }, 'unreachable'],
    [{ kind: 'lost' }, 'unreachable'],
    [{ kind: 'hang' }, 'timed_out'],
    [{ kind: 'stalled_body' }, 'timed_out'],
    [{ kind: 'garbage' }, 'answer_unreadable'],
    [{ kind: 'huge' }, 'answer_unreadable'],
    [{ kind: 'answer', status: 200, body: [{ nothing: 'that we know' }] }, 'answer_unreadable'],
    [{ kind: 'answer', status: 500, body: 'oops' }, 'provider_failed'],
    [{ kind: 'answer', status: 503 }, 'provider_failed'],
    [{ kind: 'answer', status: 402 }, 'account_blocked'],
    [{ kind: 'answer', status: 409 }, 'provider_failed'],
    [{ kind: 'answer', status: 429 }, 'rate_limited'],
    [{ kind: 'answer', status: 418 }, 'answer_unreadable'],
  ])('tells of %j as %s', async (fault, code) => {
    const { fake, integration, place, target } = start(provider);
    breakWith(fake, fault);
    const failures = await Promise.all([failureOf(integration.readPlace(place)), failureOf(integration.putVariables(place, target, variables({ A: 'v' })))]);
    for (const failure of failures) expect(failure).toMatchObject({ code, retryAt: null });
  });

  it('waits 15 s for each answer, where nothing else is set', async () => {
    const { integration, place, target, redeployment } = start(provider);
    const waits = vi.spyOn(AbortSignal, 'timeout');
    await integration.listPlaces(place.token);
    await integration.readPlace(place);
    await integration.putVariables(place, target, variables({ A: 'v' }));
    await integration.compareVariables(place, target, variables({ A: 'v' }));
    await integration.redeploy(place, redeployment);
    expect(waits.mock.calls.length).toBeGreaterThanOrEqual(5);
    expect(new Set(waits.mock.calls.map(([ms]) => ms))).toEqual(new Set([15_000]));
    waits.mockRestore();
  });

  it('puts the same again after an answer was lost', async () => {
    const { fake, put, held } = start(provider);
    // The first request only reads.
    fake.fail({ kind: 'answer', status: 503 });
    await failureOf(put({ DATABASE_URL: 'v' }));
    expect(await put({ DATABASE_URL: 'v' })).toEqual([]);
    fake.fail({ kind: 'lost' }, Number.POSITIVE_INFINITY);
    await failureOf(put({ DATABASE_URL: 'w' }));
    fake.recover();
    expect(await put({ DATABASE_URL: 'w' })).toEqual([]);
    expect(held()).toEqual({ DATABASE_URL: 'w' });
  });

  it('follows no redirect', async () => {
    const { fake, integration, place } = start(provider);
    fake.fail({ kind: 'answer', status: 302, headers: { location: `${fake.url}/elsewhere` } });
    expect(classOf((await failureOf(integration.readPlace(place))).code)).toBe('rejected');
    expect(fake.requests.filter(({ path }) => path === '/elsewhere')).toEqual([]);
  });

  it('is asked again when it said', async () => {
    const { fake, integration, place } = start(provider);
    fake.fail({ kind: 'answer', status: 429, headers: { 'retry-after': '120' } });
    const limited = await failureOf(integration.readPlace(place));
    expect(limited.code).toBe('rate_limited');
    expect(Math.round((Number(limited.retryAt) - Date.now()) / 1000)).toBe(120);
    fake.fail({ kind: 'answer', status: 503, headers: { 'retry-after': 'Fri, 01 Jan 2100 00:00:00 GMT' } });
    expect(await failureOf(integration.readPlace(place))).toMatchObject({ code: 'provider_failed', retryAt: new Date('2100-01-01T00:00:00Z') });
  });

  it('lets no token and no value out, whatever happens', async () => {
    const { fake, integration, place, target, redeployment } = start(provider);
    const [token, value, hook] = [`canary-token-${places}-Zx81`, `canary-value-${places}-Zx81`, `canary-hook-${places}-Zx81`];
    const secret = { ...place, token: new Secret(token) };
    const echo = { error: { code: token, message: value, key: value }, message: `${token} ${value} ${hook}`, failed: [{ error: { code: value, key: token } }] };
    const faults: Fault[] = [
      ...[200, 201, 301, 400, 401, 402, 403, 404, 409, 422, 429, 500].map(
        (status): Fault => ({ kind: 'answer', status, body: echo, headers: { 'x-echo': token } }),
      ),
      { kind: 'reset' },
      { kind: 'hang' },
      { kind: 'garbage' },
      { kind: 'huge' },
    ];
    const written: string[] = [];
    const spies = (['log', 'warn', 'error', 'info'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation((...args) => void written.push(args.join(' '))),
    );
    for (const fault of faults) {
      breakWith(fake, fault);
      const calls = await Promise.allSettled([
        integration.listPlaces(secret.token),
        integration.putVariables(secret, target, variables({ A: value })),
        integration.compareVariables(secret, target, variables({ A: value })),
        integration.redeploy(
          secret,
          redeployment.by === 'hook' ? { by: 'hook', url: new Secret(`${fake.url}/v1/integrations/deploy/${place.externalId}/${hook}`) } : redeployment,
        ),
      ]);
      for (const call of calls) {
        if (call.status === 'fulfilled') continue;
        const error = call.reason as Error;
        expect(error).toBeInstanceOf(IntegrationError);
        written.push(error.message, String(error.stack), JSON.stringify(error), (await import('node:util')).inspect(error, { depth: 9, showHidden: true }));
      }
    }
    for (const spy of spies) spy.mockRestore();
    expect(written.length).toBeGreaterThan(40);
    expect(findSecrets({ token, value, hook }, [{ name: 'errors and logs', text: written.join('\n') }])).toEqual([]);
  });
});
