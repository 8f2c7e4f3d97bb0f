import { TOTP } from 'otpauth';
import { beforeEach, describe, expect, it } from 'vitest';
import { hashPassword } from '#lib/auth/hash-password.ts';
import { signIn } from '#lib/auth/sign-in.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { call, cookieHeaders, keyHeaders, makeOrganization, makeStale } from '#scripts/testing/call-api.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { until } from '#scripts/torture/until.ts';
import { GET as live } from './live/route.ts';
import { POST } from './me/password/route.ts';
import { GET as me } from './me/route.ts';
import { POST as CONFIRM } from './me/second-factor/confirm/route.ts';
import { POST as BEGIN } from './me/second-factor/route.ts';

const PASSWORD = 'correct horse battery';
const NEW = 'a staple of the new one';
const oldHash = await hashPassword(PASSWORD);
let organizationId: string;
let userId: string;
let attempt: (password: string, code?: string) => Promise<string | null>;
let open: () => Promise<{ id: string; headers: Record<string, string> }>;

beforeEach(async () => {
  organizationId = await makeOrganization();
  userId = newId('usr');
  const email = `${userId.toLowerCase()}@example.com`;
  await db.user.create({ data: { id: userId, email, passwordHash: oldHash, members: { create: { organizationId, role: 'viewer' } } } });
  attempt = (password, code) => signIn({ email, password, ...(code && { code }) }, {});
  open = async () => {
    const id = (await attempt(PASSWORD)) ?? '';
    return { id, headers: await cookieHeaders(id) };
  };
});

type Headers = Record<string, string>;
const change = (headers: Headers, body: object = {}) => call(POST, { method: 'POST', headers, body: { password: PASSWORD, new_password: NEW, ...body } });
const statusOf = async (headers: Headers) => (await call(me, { headers })).status;
const hashNow = async () => (await db.user.findUniqueOrThrow({ where: { id: userId } })).passwordHash;
const events = () => db.auditEvent.findMany({ where: { organizationId }, orderBy: { seq: 'asc' } });

describe('one’s own password', () => {
  it('is another from then on: all other sessions and their open pages end, this one and API keys stay', async () => {
    const [own, other, third] = [await open(), await open(), await open()];
    const key = await keyHeaders(organizationId);
    await db.apiKey.updateMany({ where: { organizationId }, data: { createdByUserId: userId } });
    const page = (await live(new Request('http://127.0.0.1:3000/api/v1/live', { headers: other.headers }))).body?.getReader();
    // It asks for the password by itself, so the session need not be fresh; afterwards it is.
    await makeStale(own.id);

    expect(await change(own.headers)).toMatchObject({ status: 200, body: { revoked: 2 } });
    let told = '';
    for (let chunk = await page?.read(); chunk && !chunk.done; chunk = await page?.read()) told += new TextDecoder().decode(chunk.value);
    // By itself it would have looked at the fifth beat.
    expect(told.split('event: beat').length - 1).toBeLessThan(5);
    expect(await Promise.all([own.headers, other.headers, third.headers, key].map(statusOf))).toEqual([200, 401, 401, 200]);
    expect((await call(BEGIN, { method: 'POST', headers: own.headers, body: {} })).status).toBe(201);
    expect(await attempt(PASSWORD)).toBeNull();
    expect(await attempt(NEW)).not.toBeNull();
    expect(await hashNow()).toMatch(/^\$argon2id\$/);
    const written = await events();
    expect(written.find(({ action }) => action === 'password.changed')).toMatchObject({ actorId: userId, metadata: { sessions_ended: 2 } });
    expect(JSON.stringify(written)).not.toMatch(new RegExp(`${PASSWORD}|${NEW}|argon2`));
  });

  it('is changed by nobody who does not have it, and guessed no more often than at the sign-in', async () => {
    const { headers } = await open();
    for (let i = 0; i < 10; i++)
      expect(await change(headers, { password: 'guess' })).toMatchObject({
        status: 422,
        body: { errors: { password: ['The password is wrong. Nothing was changed.'] } },
      });
    expect(await change(headers)).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect(await hashNow()).toBe(oldHash);
    expect((await events()).at(-1)).toMatchObject({ action: 'password.change_refused', outcome: 'refused', reason: 'The password was wrong.' });
  });

  it.each([
    ['too short', 'elevenchars', 'Use 12 characters or more.'],
    ['too long', 'x'.repeat(513), 'Use 512 characters or fewer.'],
    ['common', 'password1234', expect.stringContaining('easy to guess')],
    ['the one of now', PASSWORD, 'This is the password you have. Choose another.'],
  ])('is not changed to one that is %s', async (_what, password, mend) => {
    const { headers } = await open();
    expect(await change(headers, { new_password: password })).toMatchObject({ status: 422, body: { errors: { new_password: [mend] } } });
    expect(await hashNow()).toBe(oldHash);
  });

  it('needs a code too where the second factor is on, which counts once', async () => {
    const { headers } = await open();
    const { secret } = (await call(BEGIN, { method: 'POST', headers, body: {} })).body;
    const codeAfter = (steps: number) => new TOTP({ secret }).generate({ timestamp: Date.now() + steps * 30_000 });
    const used = codeAfter(0);
    expect((await call(CONFIRM, { method: 'POST', headers, body: { code: used } })).status).toBe(200);
    expect(await change(headers)).toMatchObject({ status: 422, body: { errors: { code: [expect.stringContaining('Enter the code')] } } });
    expect(await change(headers, { code: used })).toMatchObject({
      status: 422,
      body: { errors: { password: [expect.stringContaining('or the code is wrong')] } },
    });
    expect(await hashNow()).toBe(oldHash);
    expect((await change(headers, { code: codeAfter(1) })).status).toBe(200);
    expect((await events()).at(-1)).toMatchObject({ action: 'password.changed', metadata: { second_factor: 'totp' } });
  });

  it('is changed by one of two who have the former one', async () => {
    const [first, second] = [await open(), await open()];
    const answers = await Promise.all([change(first.headers, { new_password: `${NEW} 1` }), change(second.headers, { new_password: `${NEW} 2` })]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await db.session.count({ where: { userId, revokedAt: null } })).toBe(1);
  });

  it('opens no session that outlives it: who signs in at that moment waits for the change and is refused', async () => {
    const waiting = await db.$transaction(async (tx) => {
      await tx.user.update({ where: { id: userId }, data: { passwordHash: await hashPassword(NEW) } });
      const signingIn = attempt(PASSWORD);
      await until('the sign-in to wait', async () => {
        const [{ count }] = await db.$queryRaw<[{ count: number }]>`
          SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%password_hash%'`;
        return count > 0;
      });
      return { signingIn };
    });
    expect(await waiting.signingIn).toBeNull();
    expect(await db.session.count({ where: { userId } })).toBe(0);
  });
});

itRecords('password.changed', 'password.change_refused');
