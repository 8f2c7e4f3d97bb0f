import { beforeEach, describe, expect, it } from 'vitest';
import { hashKey } from '#lib/api-keys/key-format.ts';
import { verifyPassword } from '#lib/auth/hash-password.ts';
import { SCOPES } from '#lib/contract/scopes.ts';
import { db } from '#lib/kernel/db.ts';
import { env } from '#lib/kernel/env.ts';
import { initialiseFromEnv } from '#lib/set-up/initialise-from-env.ts';
import { createSetupLink, ensureOrganization } from '#lib/set-up/set-up.ts';
import { call } from '#scripts/testing/call-api.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { GET, POST } from './route.ts';

const OWNER = { organization: 'Crème & Co', email: 'Ada@Example.com', password: 'correct horse battery' };

beforeEach(async () => {
  await db.apiKey.deleteMany();
  await db.user.deleteMany();
  await db.setupLink.deleteMany();
  await db.organization.deleteMany();
});

const link = async (): Promise<string> => {
  const path = await createSetupLink();
  return new URL(path ?? '', 'http://x').searchParams.get('token') ?? '';
};
const open = (token: string) => call(GET, { path: `/api/v1/setup?token=${token}` });
const complete = (token: string, more = {}) => call(POST, { method: 'POST', body: { token, ...OWNER, ...more } });
const dead = { status: 422, body: { errors: { token: [expect.stringContaining('restart it for a new link')] } } };

describe('the organization', () => {
  it('is one, however many processes start at once', async () => {
    const made = await Promise.all(Array.from({ length: 5 }, ensureOrganization));
    expect(new Set(made.map((row) => row.id)).size).toBe(1);
    expect(await db.organization.count()).toBe(1);
  });
});

describe('the set-up link', () => {
  it('tells the state, makes the owner of the organization that is there, then is dead', async () => {
    const { id } = await ensureOrganization();
    const token = await link();
    expect(await open(token)).toMatchObject({
      status: 200,
      body: { store: { kind: 'external', version: expect.stringMatching(/^18/) }, workers: { count: 0, last_beat_at: null }, encryption_key: 'given' },
    });

    const { status, body } = await complete(token);
    expect([status, body.organization_id]).toEqual([201, id]);
    expect(await db.organization.findMany()).toMatchObject([{ id, name: 'Crème & Co', slug: 'creme-co' }]);
    const user = await db.user.findUniqueOrThrow({ where: { email: 'ada@example.com' }, include: { members: true } });
    expect(user.members).toMatchObject([{ organizationId: id, role: 'owner' }]);
    expect(user.passwordHash).toMatch(/^\$argon2id\$/);
    expect(await verifyPassword(user.passwordHash, OWNER.password)).toBe(true);
    expect(await db.auditEvent.findMany({ where: { organizationId: id } })).toMatchObject([{ action: 'organization.set_up', actorId: user.id }]);

    expect(await open(token)).toMatchObject(dead);
    expect(await complete(token, { email: 'eve@example.com' })).toMatchObject(dead);
    expect(await createSetupLink()).toBeNull();
  });

  it('works for one of many at once', async () => {
    const token = await link();
    const answers = await Promise.all(Array.from({ length: 5 }, (_, n) => complete(token, { email: `person${n}@example.com` })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 422, 422, 422, 422]);
    expect(await db.user.count()).toBe(1);
  });

  it('is dead once a newer one was printed, and its token is nowhere in the store', async () => {
    const first = await link();
    const second = await link();
    expect(await open(first)).toMatchObject(dead);
    expect((await open(second)).status).toBe(200);
    expect(JSON.stringify(await db.setupLink.findMany())).not.toContain(second);
  });

  it.each([
    ['a common password', { password: 'Password123!' }, 'password', /easy to guess/],
    ['the organization’s name as password', { password: 'cremeandcocremeandco', organization: 'cremeandco' }, 'password', /Choose another/],
    ['a short password', { password: 'elevenchars' }, 'password', /12 characters/],
    ['no email', { email: 'ada' }, 'email', /email address/],
    ['no name', { organization: ' ' }, 'organization', /Name the organization/],
    ['an unknown token', { token: 'x' }, 'token', /is unknown/],
  ])('is not used up by %s', async (_name, more, field, mend) => {
    const token = await link();
    const { status, body } = await complete(token, more);
    expect([status, body.errors[field]]).toEqual([422, [expect.stringMatching(mend)]]);
    expect((await open(token)).status).toBe(200);
  });
});

describe('the environment', () => {
  it('makes no owner with a common password, and names the variable', async () => {
    Object.assign(env, { REKEY_INIT_EMAIL: 'ops@example.com', REKEY_INIT_PASSWORD: 'password1234' });
    await expect(initialiseFromEnv()).rejects.toThrow('REKEY_INIT_PASSWORD is easy to guess');
    expect(await db.user.count()).toBe(0);
  });

  it('makes owner and key once, and brings no revoked key back', async () => {
    const key = 'a-key-of-somebody-elses-making-0123456789';

    Object.assign(env, { REKEY_INIT_EMAIL: 'ops@example.com', REKEY_INIT_PASSWORD: OWNER.password, REKEY_INIT_API_KEY: key });
    await initialiseFromEnv();
    await initialiseFromEnv();
    expect(await db.user.findMany({ include: { members: true } })).toMatchObject([{ email: 'ops@example.com', members: [{ role: 'owner' }] }]);
    expect(await db.apiKey.findMany()).toMatchObject([{ keyHash: hashKey(key), keyPrefix: key.slice(0, 12), scopes: [...SCOPES], source: 'environment' }]);
    await db.apiKey.updateMany({ data: { revokedAt: new Date() } });
    await initialiseFromEnv();
    expect(await db.apiKey.findMany()).toMatchObject([{ revokedAt: expect.any(Date) }]);
    expect(await createSetupLink()).toBeNull();
  });
});

itRecords(
  ['organization.set_up (set-up)', { actorKind: 'user' }],
  ['organization.set_up (initialise-from-env)', { actorName: 'environment' }],
  'api_key.created (initialise-from-env)',
);
