import { TOTP } from 'otpauth';
import { beforeEach, describe, expect, it } from 'vitest';
import { hashPassword } from '#lib/auth/hash-password.ts';
import { REFUSAL_MS, SecondFactorRequiredError, signIn } from '#lib/auth/sign-in.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { call, cookieHeaders, makeOrganization, makeStale } from '#scripts/testing/call-api.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { POST as CONFIRM_SESSION } from './me/confirm/route.ts';
import { POST as PASSWORD_ROUTE } from './me/password/route.ts';
import { POST as CONFIRM } from './me/second-factor/confirm/route.ts';
import { POST as RENEW } from './me/second-factor/recovery-codes/route.ts';
import { DELETE, GET, POST } from './me/second-factor/route.ts';
import { DELETE as WRONG_CODES } from './me/second-factor/wrong-codes/route.ts';

const PASSWORD = 'correct horse battery';
const STEP_MS = 30_000;
const passwordHash = await hashPassword(PASSWORD);
let organizationId: string;
let userId: string;
let email: string;
let sessionId: string;
let headers: Record<string, string>;

beforeEach(async () => {
  organizationId = await makeOrganization();
  userId = newId('usr');
  email = `${userId.toLowerCase()}@example.com`;
  await db.user.create({ data: { id: userId, email, passwordHash, members: { create: { organizationId, role: 'viewer' } } } });
  sessionId = (await signIn({ email, password: PASSWORD }, {})) ?? '';
  headers = await cookieHeaders(sessionId);
});

const post = (handler: typeof POST, body: object = {}) => call(handler, { method: 'POST', headers, body });
const state = async () => (await call(GET, { headers })).body;
const attempt = (code?: string, password = PASSWORD) => signIn({ email, password, ...(code !== undefined && { code }) }, {});
const lastEvent = () => db.auditEvent.findFirstOrThrow({ where: { organizationId }, orderBy: { seq: 'desc' } });

/** Turns it on as an app would: what gives codes, and the recovery codes. */
async function turnOn() {
  const { body } = await post(POST);
  const secret: string = body.secret;
  const codeAfter = (steps: number) => new TOTP({ secret }).generate({ timestamp: Date.now() + steps * STEP_MS });
  const first = codeAfter(0);
  const confirmed = await post(CONFIRM, { code: first });
  expect(confirmed.status).toBe(200);
  return { secret, first, codeAfter, codes: confirmed.body.recovery_codes as string[] };
}

describe('the second factor', () => {
  it('is asked for once a code of it was given, and its secret and codes stand nowhere in the clear', async () => {
    expect((await post(POST)).status).toBe(201);
    expect(await state()).toEqual({ is_on: false, since: null, recovery_codes_left: 0, wrong_codes: null });
    expect(await attempt()).not.toBeNull();
    expect(await post(CONFIRM, { code: '12345' })).toMatchObject({ status: 422, body: { errors: { code: ['Enter the six digits that the app shows.'] } } });

    const { secret, codes } = await turnOn();
    expect(await state()).toEqual({ is_on: true, since: expect.any(String), recovery_codes_left: 10, wrong_codes: null });
    expect(new Set(codes).size).toBe(10);
    await expect(attempt()).rejects.toThrow(SecondFactorRequiredError);
    expect(await post(POST)).toMatchObject({ status: 409 });
    expect(await post(CONFIRM, { code: '123456' })).toMatchObject({ status: 409 });

    const stored = JSON.stringify([
      await db.secondFactor.findMany({ where: { userId }, include: { recoveryCodes: true } }),
      await db.auditEvent.findMany({ where: { organizationId } }),
    ]);
    for (const plain of [secret, ...codes]) expect(stored).not.toContain(plain);
  });

  it('is not turned on by a wrong code', async () => {
    const { body } = await post(POST);
    const wrong = new TOTP({ secret: body.secret }).generate({ timestamp: Date.now() - 100 * STEP_MS });
    expect(await post(CONFIRM, { code: wrong })).toMatchObject({ status: 422, body: { errors: { code: [expect.stringContaining('not the current one')] } } });
    expect((await state()).is_on).toBe(false);
  });

  it('takes a code once, also of two who send it at once, and no earlier one after it', async () => {
    const { first, codeAfter } = await turnOn();
    const startedAt = performance.now();
    expect(await attempt(first)).toBeNull();
    // As late as for a wrong password; timers may fire a millisecond early.
    expect(performance.now() - startedAt).toBeGreaterThan(REFUSAL_MS - 2);
    expect(await lastEvent()).toMatchObject({ action: 'session.refused', reason: 'The code was wrong or used before.' });
    const next = codeAfter(1);
    const twice = await Promise.all([attempt(next), attempt(next)]);
    expect(twice.filter((id) => id !== null)).toHaveLength(1);
    expect(await attempt(codeAfter(0))).toBeNull();
    expect(await db.auditEvent.findFirst({ where: { organizationId, metadata: { path: ['second_factor'], equals: 'totp' } } })).toMatchObject({
      action: 'session.created',
    });
  });

  it('gives nobody in by the code alone, and leaves the code for the right password', async () => {
    const { codeAfter } = await turnOn();
    const code = codeAfter(1);
    expect(await attempt(code, 'wrong')).toBeNull();
    expect(await lastEvent()).toMatchObject({ action: 'session.refused', reason: 'The password was wrong.' });
    expect(await attempt(code)).not.toBeNull();
  });

  it('lets nobody guess on who has the password', async () => {
    const { codes } = await turnOn();
    await db.rateLimit.create({ data: { bucket: `code ${userId}`, windowBeganAt: new Date(), count: 4 } });
    expect(await attempt('000000')).toBeNull();
    await expect(attempt(codes[0])).rejects.toMatchObject({ code: 'rate_limited' });
    expect((await state()).recovery_codes_left).toBe(10);
  });

  it('tells the member of wrong codes that came with their password, until they have seen it or have another password', async () => {
    const { codes } = await turnOn();
    expect(await signIn({ email, password: 'wrong', code: '000000' }, { address: '192.0.2.8' })).toBeNull();
    expect((await state()).wrong_codes).toBeNull();
    const wrong = (address: string) => signIn({ email, password: PASSWORD, code: '000000' }, { address });
    expect(await Promise.all([wrong('192.0.2.9'), wrong('192.0.2.9')])).toEqual([null, null]);
    await post(CONFIRM_SESSION, { password: PASSWORD, code: '000000' });
    expect((await state()).wrong_codes).toEqual({ count: 3, last_at: expect.any(String), last_address: null });
    const seen = () => call(WRONG_CODES, { method: 'DELETE', headers });
    await makeStale(sessionId);
    expect(await seen()).toMatchObject({ status: 403, body: { code: 'reauthentication_required' } });
    expect((await post(CONFIRM_SESSION, { password: PASSWORD, code: codes[0] })).status).toBe(204);
    expect((await seen()).status).toBe(204);
    expect((await state()).wrong_codes).toBeNull();

    await wrong('192.0.2.10');
    expect((await state()).wrong_codes).toMatchObject({ count: 1, last_address: '192.0.2.10' });
    expect((await post(PASSWORD_ROUTE, { password: PASSWORD, code: codes[1], new_password: 'a staple of the new one' })).status).toBe(200);
    expect((await state()).wrong_codes).toBeNull();
  });

  it('slows strangers who guess codes, and not the member on a device or in a session of theirs', async () => {
    const { codes } = await turnOn();
    for (let i = 0; i < 5; i++) expect(await attempt('000000')).toBeNull();
    await expect(attempt(codes[0])).rejects.toMatchObject({ code: 'rate_limited', extras: { retryAfterSeconds: expect.any(Number) } });
    expect(await signIn({ email, password: PASSWORD, code: codes[0] ?? '' }, {}, sessionId)).not.toBeNull();
    expect((await post(CONFIRM_SESSION, { password: PASSWORD, code: codes[1] })).status).toBe(204);
    await db.$executeRaw`UPDATE rate_limits SET window_began_at = window_began_at - interval '15 seconds'`;
    expect(await attempt(codes[2])).not.toBeNull();
  });

  it('takes each recovery code once, however it is written, and none of former ones', async () => {
    const { codes } = await turnOn();
    const [one = '', two = ''] = codes;
    expect(await attempt(one.toUpperCase().replaceAll('-', ' '))).not.toBeNull();
    expect(await lastEvent()).toMatchObject({ action: 'session.created', metadata: { second_factor: 'recovery_code' } });
    expect(await attempt(one)).toBeNull();
    expect((await state()).recovery_codes_left).toBe(9);
    const renewed: string[] = (await post(RENEW)).body.recovery_codes;
    expect(await attempt(two)).toBeNull();
    expect(await attempt(renewed[0])).not.toBeNull();
  });

  it('belongs to the confirmation of a stale session, and only a fresh one turns it off', async () => {
    const { codes } = await turnOn();
    await makeStale(sessionId);
    const off = () => call(DELETE, { method: 'DELETE', headers });
    expect(await off()).toMatchObject({ status: 403, body: { code: 'reauthentication_required' } });
    expect(await post(CONFIRM_SESSION, { password: PASSWORD })).toMatchObject({ status: 422, body: { errors: { code: [expect.any(String)] } } });
    const wrong = { status: 422, body: { errors: { password: ['The password or the code is wrong. Nothing was changed.'] } } };
    expect(await post(CONFIRM_SESSION, { password: PASSWORD, code: '000000' })).toMatchObject(wrong);
    expect(await post(CONFIRM_SESSION, { password: 'wrong', code: codes[0] })).toMatchObject(wrong);
    expect((await post(CONFIRM_SESSION, { password: PASSWORD, code: codes[0] })).status).toBe(204);
    expect((await off()).status).toBe(204);
    expect(await attempt()).not.toBeNull();
    const actions = await db.auditEvent.findMany({ where: { organizationId, action: { startsWith: 'second_factor' } }, orderBy: { seq: 'asc' } });
    expect(actions.map(({ action }) => action)).toEqual(['second_factor.enabled', 'second_factor.disabled']);
  });
});

itRecords('second_factor.enabled', 'second_factor.disabled', 'second_factor.recovery_codes_made');
