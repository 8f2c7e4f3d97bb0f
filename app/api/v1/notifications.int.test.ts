// What a member chooses to be notified of by e-mail, the test of the mail server, and its warning in the status.
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { checkHealth } from '#lib/status/check-health.ts';
import { call, keyHeaders, makeOrganization, memberHeaders } from '#scripts/testing/call-api.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { GET, PUT } from './me/notifications/route.ts';
import { POST as test } from './me/notifications/test/route.ts';
import { PATCH as changePolicy } from './organizations/[organizationId]/policies/[policyId]/route.ts';
import { POST as createPolicy } from './organizations/[organizationId]/policies/route.ts';

const mailServer = await vi.hoisted(async () => {
  const started = await (await import('#scripts/testing/mail-server.ts')).startMailServer();
  Object.assign(process.env, { REKEY_SMTP_URL: started.url.replace('//', '//rekey:sm7p-p4ssword@'), REKEY_MAIL_FROM: 'Rekey <rekey@example.com>' });
  return started;
});
afterAll(() => mailServer.stop());

const ALL = ['rotation_failed', 'window_missed', 'overdue_soon', 'campaign_stopped', 'drift'];
let organizationId: string;
let headers: Record<string, string>;
let userId: string;
beforeEach(async () => {
  organizationId = await makeOrganization();
  userId = newId('usr');
  headers = await memberHeaders(organizationId, 'owner', { userId });
  await db.mail.deleteMany();
  mailServer.received.length = 0;
  mailServer.answer(() => null);
});

const read = async () => (await call(GET, { headers })).body.notifications;
const put = (body: object) => call(PUT, { method: 'PUT', headers, body });
const CHOICE = { kinds: ['drift', 'rotation_failed'], night_kinds: ['rotation_failed'], time_zone: 'Europe/Berlin', tag: { key: 'team', value: 'shop' } };

describe('preferences', () => {
  it('are every kind at first, none for viewers, and what the member chooses afterwards', async () => {
    const first = await read();
    expect(first).toMatchObject({ email: `${userId.toLowerCase()}@example.com`, mail_server: `127.0.0.1:${mailServer.port}`, kinds: ALL, night_kinds: ALL });
    expect(first).toMatchObject({ time_zone: null, tag: null, policies: [], last_mail: null });
    expect(JSON.stringify(first)).not.toContain('sm7p-p4ssword');
    const changed = await put(CHOICE);
    expect(changed).toMatchObject({ status: 200, body: { notifications: { ...CHOICE, kinds: ['rotation_failed', 'drift'] } } });
    expect(await read()).toEqual(changed.body.notifications);
    expect(await db.auditEvent.findFirst({ where: { organizationId, action: 'member.notifications_changed' } })).toMatchObject({
      actorId: userId,
      metadata: CHOICE,
    });
    // Each has their own.
    headers = await memberHeaders(organizationId, 'viewer');
    expect(await read()).toMatchObject({ kinds: [], tag: null });
  });

  it.each([
    ['a kind that there is not', { kinds: ['everything'] }, 'kinds.0'],
    ['a time zone that there is not', { time_zone: 'Berlin' }, 'time_zone'],
    ['a tag without a value', { tag: { key: 'team', value: '' } }, 'tag.value'],
    ['half of it', { kinds: undefined }, 'kinds'],
  ])('are refused with %s, and nothing is changed', async (_, body, field) => {
    expect(await put({ ...CHOICE, ...body })).toMatchObject({ status: 422, body: { errors: { [field]: [expect.any(String)] } } });
    expect(await db.notificationPreferences.count({ where: { organizationId } })).toBe(0);
  });

  it('are a person’s, and need a fresh session', async () => {
    headers = await keyHeaders(organizationId);
    expect([(await call(GET, { headers })).status, (await put(CHOICE)).status]).toEqual([403, 403]);
    headers = await memberHeaders(organizationId, 'viewer', { isStale: true });
    expect(await put(CHOICE)).toMatchObject({ status: 403, body: { code: 'reauthentication_required' } });
  });
});

it('a policy notifies the members it names, and no one else can be named', async () => {
  const create = (notify: string[]) =>
    call(createPolicy, { method: 'POST', headers, params: { organizationId }, body: { name: 'Monthly', max_age_days: 30, notify } });
  const stranger = newId('usr');
  await memberHeaders(await makeOrganization(), 'owner', { userId: stranger });
  expect(await create([userId, stranger])).toMatchObject({ status: 422, body: { errors: { notify: [expect.any(String)] } } });
  const { policy } = (await create([userId, userId])).body;
  expect(policy.notify).toEqual([userId]);
  expect((await read()).policies).toEqual([{ id: policy.id, name: 'Monthly' }]);
  const params = { organizationId, policyId: policy.id };
  expect(await call(changePolicy, { method: 'PATCH', headers, params, body: { notify: [stranger] } })).toMatchObject({ status: 422 });
  expect(await call(changePolicy, { method: 'PATCH', headers, params, body: { notify: [] } })).toMatchObject({ status: 200, body: { policy: { notify: [] } } });
});

describe('a test e-mail', () => {
  const send = () => call(test, { method: 'POST', headers });

  it('goes to the owner who asks, at once', async () => {
    expect(await send()).toMatchObject({ status: 200, body: { to: `${userId.toLowerCase()}@example.com`, error: null } });
    expect(mailServer.received).toMatchObject([{ to: [`${userId.toLowerCase()}@example.com`], parsed: { subject: 'A test from Rekey' } }]);
  });

  it('says what the mail server said where it was not taken, without the password', async () => {
    mailServer.answer(() => ({ code: 554, message: 'not from sm7p-p4ssword here' }));
    const { status, body } = await send();
    expect({ status, error: body.error }).toEqual({ status: 200, error: expect.stringContaining('554 not from … here') });
    expect(JSON.stringify(body)).not.toContain('sm7p-p4ssword');
  });

  it('is for owners', async () => {
    headers = await memberHeaders(organizationId, 'admin');
    expect((await send()).status).toBe(403);
    expect(mailServer.received).toEqual([]);
  });
});

it('the status warns while e-mails wait, is ok all the same, and says nothing of it afterwards', async () => {
  const mail = async () => (await checkHealth()).components.find(({ name }) => name === 'mail');
  expect(await mail()).toEqual({ name: 'mail', status: 'ok' });
  const id = newId('mal');
  await db.mail.create({ data: { id, organizationId, userId, attempts: 1, lastError: 'ECONNREFUSED: secret.internal' } });
  expect(await mail()).toEqual({ name: 'mail', status: 'ok', message: expect.stringContaining('E-mails wait') });
  expect((await read()).last_mail).toMatchObject({ state: 'pending', error: 'ECONNREFUSED: secret.internal' });
  headers = await memberHeaders(organizationId, 'viewer');
  expect((await read()).last_mail).toBeNull();
  await db.mail.update({ where: { id }, data: { state: 'failed' } });
  expect(await mail()).toEqual({ name: 'mail', status: 'ok' });
});

itRecords('member.notifications_changed');
