import { beforeEach, describe, expect, it } from 'vitest';
import { hashPassword } from '#lib/auth/hash-password.ts';
import { signIn } from '#lib/auth/sign-in.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { call, cookieHeaders, from, makeOrganization, makeStale } from '#scripts/testing/call-api.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { POST as CONFIRM } from './me/confirm/route.ts';
import { GET as listKeys, POST as makeKey } from './organizations/[organizationId]/api-keys/route.ts';

const PASSWORD = 'correct horse battery';
const passwordHash = await hashPassword(PASSWORD);
let organizationId: string;
let headers: Record<string, string>;
let sessionId: string;

beforeEach(async () => {
  organizationId = await makeOrganization();
  const id = newId('usr');
  const email = `${id.toLowerCase()}@example.com`;
  await db.user.create({ data: { id, email, passwordHash, members: { create: { organizationId, role: 'owner' } } } });
  sessionId = (await signIn({ email, password: PASSWORD }, {})) ?? '';
  headers = { ...(await cookieHeaders(sessionId)), ...from('192.0.2.7') };
});

const make = () => call(makeKey, { method: 'POST', headers, params: { organizationId }, body: { name: 'CI', scopes: ['projects:read'] } });
const confirm = (password: string) => call(CONFIRM, { method: 'POST', headers, body: { password } });
const actions = async () => (await db.auditEvent.findMany({ where: { organizationId }, orderBy: { seq: 'asc' } })).map(({ action }) => action);

describe('a session in which the password was given five minutes ago', () => {
  it('reads as before, and changes keys once the password is given again', async () => {
    expect((await make()).status).toBe(201);
    await makeStale(sessionId);
    expect(await make()).toMatchObject({
      status: 403,
      body: { code: 'reauthentication_required', detail: expect.stringContaining('POST /api/v1/me/confirm') },
    });
    expect((await call(listKeys, { headers, params: { organizationId } })).body.api_keys).toHaveLength(1);
    expect(await confirm('wrong')).toMatchObject({ status: 422, body: { errors: { password: ['The password is wrong. Nothing was changed.'] } } });
    expect((await make()).status).toBe(403);
    expect((await confirm(PASSWORD)).status).toBe(204);
    expect((await make()).status).toBe(201);
    expect(await actions()).toEqual([
      'session.created',
      'api_key.created',
      'session.confirmation_requested',
      'session.confirmation_refused',
      'session.confirmed',
      'api_key.created',
    ]);
  });

  it('is fresh for no longer than five minutes, by the clock of the store', async () => {
    await db.$executeRaw`UPDATE sessions SET verified_at = now() - interval '299 seconds' WHERE id = ${sessionId}`;
    expect((await make()).status).toBe(201);
    await db.$executeRaw`UPDATE sessions SET verified_at = now() - interval '300 seconds' WHERE id = ${sessionId}`;
    expect((await make()).status).toBe(403);
  });

  it('guesses as often as one who signs in, and then not even with the right password', async () => {
    await makeStale(sessionId);
    for (let i = 0; i < 10; i++) expect((await confirm('guess')).status).toBe(422);
    expect(await confirm(PASSWORD)).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect((await make()).status).toBe(403);
  });
});

itRecords('session.confirmed', 'session.confirmation_requested', 'session.confirmation_refused');
