import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { db } from '#lib/kernel/db.ts';
import { env } from '#lib/kernel/env.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { call, from, keyHeaders, makeOrganization } from '#scripts/testing/call-api.ts';
import { defineRoute } from './define-route.ts';

const CANARY = 'c4n4ry-answer';
let runs = 0;
let next: () => Promise<{ secret: string }>;
const route = defineRoute({
  access: 'projects.create',
  body: z.strictObject({ name: z.string() }),
  answer: z.object({ secret: z.string() }),
  status: 201,
  handle: () => {
    runs++;
    return next();
  },
});

const organizationId = await makeOrganization();
const key = await keyHeaders(organizationId);
const post = (idempotencyKey: string, body: unknown = { name: 'a' }, who = key) =>
  call(route, { method: 'POST', body, headers: { ...who, 'idempotency-key': idempotencyKey } });

beforeEach(() => {
  runs = 0;
  next = async () => ({ secret: `${CANARY} ${runs}` });
});

describe('Idempotency-Key', () => {
  it('repeats the stored response and runs once', async () => {
    const [first, second] = [await post('k1'), await post('k1')];
    expect([first.status, first.body, runs]).toEqual([201, { secret: `${CANARY} 1` }, 1]);
    expect([second.status, second.body, second.headers.get('idempotency-replayed')]).toEqual([201, first.body, 'true']);
    expect(second.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
  });

  it('stores the response sealed, since it may carry a secret', async () => {
    await post('k2');
    const rows = JSON.stringify(await db.idempotencyKey.findMany());
    expect(rows).toContain('rk1.');
    expect(rows).not.toContain(CANARY);
  });

  it('keeps no hash of the body that it could be guessed from', async () => {
    const body = { name: 'hunter2' };
    await post('k2-guess', body);
    const { requestHash } = await db.idempotencyKey.findFirstOrThrow({ where: { key: 'k2-guess' } });
    const bare = createHash('sha256').update('POST /api/v1/test\n').update(JSON.stringify(body)).digest('hex');
    expect(requestHash).toHaveLength(bare.length);
    expect(requestHash).not.toBe(bare);
  });

  it('refuses another body under the same key', async () => {
    await post('k3');
    expect(await post('k3', { name: 'b' })).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    expect(runs).toBe(1);
  });

  it('refuses while the first runs, however many come at once', async () => {
    const { promise, resolve } = Promise.withResolvers<{ secret: string }>();
    const started = Promise.withResolvers<void>();
    next = () => {
      started.resolve();
      return promise;
    };
    const first = post('k4');
    await started.promise;
    const others = await Promise.all([post('k4'), post('k4')]);
    expect(others).toMatchObject([
      { status: 409, body: { code: 'idempotency_in_progress' } },
      { status: 409, body: { code: 'idempotency_in_progress' } },
    ]);
    resolve({ secret: 'late' });
    expect(await first).toMatchObject({ status: 201 });
    expect(runs).toBe(1);
  });

  it('repeats a refusal, but not a failure of Rekey', async () => {
    next = () => Promise.reject(new DomainError('conflict', 'In the way.'));
    expect([await post('k5'), await post('k5')]).toMatchObject([{ status: 409 }, { status: 409, body: { detail: 'In the way.' } }]);
    expect(runs).toBe(1);
    next = () => Promise.reject(new Error('down'));
    expect(await post('k6')).toMatchObject({ status: 500 });
    next = async () => ({ secret: 'up' });
    expect(await post('k6')).toMatchObject({ status: 201, body: { secret: 'up' } });
  });

  it('runs again where the process of the first has died', async () => {
    await post('k7');
    await db.idempotencyKey.updateMany({ where: { key: 'k7' }, data: { status: null, answerSealed: null } });
    expect(await post('k7')).toMatchObject({ status: 409 });
    await db.$executeRaw`UPDATE idempotency_keys SET started_at = now() - interval '3 minutes' WHERE key = 'k7'`;
    expect(await post('k7')).toMatchObject({ status: 201 });
    expect(runs).toBe(2);
  });

  it('is another for another API key, and for nobody who lost the right', async () => {
    await post('k8');
    expect(await post('k8', { name: 'a' }, await keyHeaders(organizationId))).toMatchObject({ status: 201 });
    expect(runs).toBe(2);
    expect(await post('k8', { name: 'a' }, await keyHeaders(organizationId, { scopes: [] }))).toMatchObject({ status: 403 });
  });

  it('must be of visible characters', async () => {
    expect(await post(' ')).toMatchObject({ status: 422, body: { errors: { 'Idempotency-Key': [expect.stringContaining('UUID')] } } });
  });
});

describe('the limit', () => {
  it('is told with each answer, and refuses past it', async () => {
    const own = await keyHeaders(organizationId);
    const first = await call(route, { method: 'POST', body: { name: 'a' }, headers: own });
    expect(first.headers.get('x-ratelimit-limit')).toBe(String(env.REKEY_RATE_LIMIT));
    expect(first.headers.get('x-ratelimit-remaining')).toBe(String(env.REKEY_RATE_LIMIT - 1));
    await db.rateLimit.updateMany({ where: { bucket: { startsWith: 'api_key ' } }, data: { count: env.REKEY_RATE_LIMIT } });
    const refused = await call(route, { method: 'POST', body: { name: 'a' }, headers: own });
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(runs).toBe(1);
  });

  it('counts wrong logins by address', async () => {
    const guess = (address: string) => call(route, { headers: { authorization: 'Bearer rk_live_guess', ...from(address) } });
    expect(await guess('192.0.2.1')).toMatchObject({ status: 401 });
    await db.rateLimit.updateMany({ where: { bucket: 'stranger 192.0.2.1' }, data: { count: 60 } });
    expect(await guess('192.0.2.1')).toMatchObject({ status: 429 });
    expect(await guess('192.0.2.2')).toMatchObject({ status: 401 });
  });
});
