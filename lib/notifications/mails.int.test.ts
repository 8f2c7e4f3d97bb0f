// E-mails to members, through a real SMTP server: who gets which, in how many mails, and what happens where it fails.
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EventType } from '#lib/contract/webhook.ts';
import { db } from '#lib/kernel/db.ts';
import { holdAt } from '#lib/kernel/failpoint.ts';
import { newId } from '#lib/kernel/ids.ts';
import { recordEvent } from '#lib/outbox/record-event.ts';
import { reportOverdueSoon } from '#lib/policies/report-overdue-soon.ts';
import { nextDue } from '#lib/sweep/next-due.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { findSecrets } from '#scripts/testing/canary.ts';
import { rotate } from '#scripts/testing/drive-rotation.ts';
import { formMails } from './form-mails.ts';
import { MAIL_ATTEMPTS, sendDueMails } from './send-due-mails.ts';

const SMTP_PASSWORD = 'sm7p-p4ssword';
const mailServer = await vi.hoisted(async () => {
  const started = await (await import('#scripts/testing/mail-server.ts')).startMailServer();
  Object.assign(process.env, { REKEY_SMTP_URL: started.url.replace('//', '//rekey:sm7p-p4ssword@'), REKEY_MAIL_FROM: 'Rekey <rekey@example.com>' });
  return started;
});

let target: TestTarget;
beforeAll(async () => {
  target = await startTarget();
});
afterAll(() => Promise.all([target.stop(), mailServer.stop()]));

let adopted: Adopted;
let organizationId: string;
let password: string;
beforeEach(async () => {
  await db.notice.deleteMany();
  await db.mail.deleteMany();
  mailServer.received.length = 0;
  mailServer.answer(() => null);
  const login = await target.createLogin(newId('usr').toLowerCase());
  password = login.password.reveal();
  adopted = await adopt({ target: target.target, login });
  organizationId = adopted.context.organizationId;
});

type Role = 'owner' | 'admin' | 'operator' | 'viewer';
async function member(name: string | null = null, role: Role = 'owner', isRestricted = false): Promise<{ userId: string; email: string }> {
  const userId = newId('usr');
  const email = `${userId.toLowerCase()}@example.com`;
  await db.user.create({ data: { id: userId, email, name, passwordHash: '' } });
  await db.member.create({ data: { organizationId, userId, role, isRestricted } });
  return { userId, email };
}

const happen = (type: EventType, data: object = {}, projectId: string | null = adopted.projectId) =>
  db.$transaction((tx) => recordEvent(tx, { organizationId, projectId, type, data: data as never }));
const fail = () => happen('job.failed', { job_type: 'project.rotate_credentials', job_id: 'job_1', error_code: 'current_password_refused' });
const miss = () => happen('policy.missed', { policy_id: 'pol_1', name: 'Quarterly', logins: 3 }, null);

/** As if the notices had gathered, and the waits of mails were over; then what is due is sent. */
async function send(): Promise<void> {
  await db.$executeRaw`UPDATE notices SET not_before = now() - interval '1 s' WHERE mail_id IS NULL`;
  await formMails();
  await db.$executeRaw`UPDATE mails SET next_attempt_at = now() - interval '1 s'`;
  while ((await sendDueMails('wrk_test')) > 0);
}
const sentTo = (email: string) => mailServer.received.filter(({ to }) => to.includes(email));
const recipients = () => mailServer.received.flatMap(({ to }) => to).toSorted();

it('says that a rotation failed, why, and where to look, without a secret', async () => {
  const { email } = await member('Ada');
  await target.sql(`ALTER ROLE ${(await db.database.findUniqueOrThrow({ where: { id: adopted.databaseId } })).roleName} PASSWORD 'changed-elsewhere'`);
  const { job } = await rotate(adopted);
  expect(job.state).toBe('failed');
  // Gathered for a minute first.
  await formMails();
  expect(await db.mail.count()).toBe(0);
  await send();
  const [mail, ...more] = sentTo(email);
  expect(more).toEqual([]);
  const project = await db.project.findUniqueOrThrow({ where: { id: adopted.projectId } });
  expect(mail).toMatchObject({ from: 'rekey@example.com', to: [email], parsed: { subject: `The rotation of ${project.name} failed` } });
  expect(mail?.parsed.text).toContain(`http://127.0.0.1:3000/projects/${project.id}/activity/${job.id}`);
  expect(mail?.parsed.text).toContain(job.error);
  expect(mail?.parsed.messageId).toMatch(/^<mal_\w+@127\.0\.0\.1>$/);
  expect(mail?.parsed.headers.get('auto-submitted')).toBe('auto-generated');
  expect(await db.mail.findMany()).toMatchObject([{ state: 'sent', attempts: 1, sentAt: expect.any(Date), lastError: null, claimedBy: null }]);
  const secrets = { login: password, other: 'changed-elsewhere', smtp: SMTP_PASSWORD };
  const texts = mailServer.received.flatMap(({ raw, parsed }) => [
    { name: 'raw', text: raw },
    { name: 'decoded', text: `${parsed.subject} ${parsed.text}` },
  ]);
  expect(findSecrets(secrets, texts)).toEqual([]);
  await send();
  expect(mailServer.received).toHaveLength(1);
});

it('says that a window was missed, and that values drifted', async () => {
  const { email } = await member();
  await miss();
  await happen('integration.drifted', { provider: 'vercel' });
  // Not of these.
  await happen('job.completed', { job_type: 'project.rotate_credentials' });
  await happen('job.failed', { job_type: 'integration.sync_env' });
  await send();
  expect(sentTo(email).map(({ parsed }) => parsed.subject)).toEqual(['1 window was missed, 1 value changed at a provider']);
  expect(sentTo(email)[0]?.parsed.text).toMatch(/The policy Quarterly missed its window.*http:\/\/127\.0\.0\.1:3000\/policies\/pol_1\n/s);
});

it('puts a thousand failures into one mail, and what follows into one a quarter of an hour later', async () => {
  const { email } = await member();
  for (let n = 0; n < 1_000; n += 50) await Promise.all(Array.from({ length: 50 }, fail));
  await send();
  expect(sentTo(email)).toHaveLength(1);
  expect(sentTo(email)[0]?.parsed.subject).toBe('1000 rotations failed');
  expect(sentTo(email)[0]?.parsed.text).toContain('and 980 more');
  await fail();
  const [later] = await db.notice.findMany({ where: { mailId: null } });
  const { createdAt } = await db.mail.findFirstOrThrow();
  expect((later?.notBefore.getTime() ?? 0) - createdAt.getTime()).toBe(900_000);
});

it('two workers put each notice into one mail', async () => {
  const { email } = await member();
  await Promise.all(Array.from({ length: 20 }, fail));
  await db.$executeRaw`UPDATE notices SET not_before = now() - interval '1 s'`;
  await Promise.all([formMails(), formMails(), formMails()]);
  await db.$executeRaw`UPDATE mails SET next_attempt_at = now() - interval '1 s'`;
  await Promise.all([sendDueMails('wrk_1'), sendDueMails('wrk_2'), sendDueMails('wrk_3')]);
  const links = sentTo(email).flatMap(({ parsed }) => parsed.text?.match(/failed \(/g) ?? []);
  expect(links).toHaveLength(20);
});

it('says once for each password that it will be overdue, where no run is planned before', async () => {
  const { email } = await member();
  const policyId = newId('pol');
  await db.policy.create({ data: { id: policyId, organizationId, name: 'Monthly', maxAgeDays: 30, timeZone: 'UTC' } });
  const days = (count: number) => new Date(Date.now() + count * 86_400_000);
  const set = (data: object) => db.database.update({ where: { id: adopted.databaseId }, data: { policyId, policySource: 'default', planAt: null, ...data } });
  const report = async () => {
    await reportOverdueSoon();
    return db.event.count({ where: { organizationId, type: 'policy.overdue_soon' } });
  };
  await set({ dueAt: days(8) });
  expect(await report()).toBe(0);
  await set({ dueAt: days(6), nextRunAt: days(5) });
  expect(await report()).toBe(0);
  await set({ nextRunAt: days(6.5) });
  await Promise.all([reportOverdueSoon(), reportOverdueSoon()]);
  expect([await report(), await report()]).toEqual([1, 1]);
  // The next password.
  await set({ dueAt: days(6.9), nextRunAt: null });
  expect([await report(), await report()]).toEqual([2, 2]);
  const [notice] = await db.notice.findMany({ where: { organizationId } });
  expect(notice?.notBefore.toISOString()).toMatch(/T07:00:00/);
  await send();
  expect(sentTo(email).map(({ parsed }) => parsed.subject)).toEqual(['2 logins are overdue in 7 days or less']);
});

describe('who is notified', () => {
  it('everyone but viewers, unless they chose, and restricted members of their projects alone', async () => {
    const [owner, operator] = [await member(null, 'owner'), await member(null, 'operator')];
    const viewer = await member(null, 'viewer');
    const [outside, inside] = [await member(null, 'operator', true), await member(null, 'operator', true)];
    await db.memberGrant.create({ data: { organizationId, userId: inside.userId, projectId: adopted.projectId } });
    await fail();
    await send();
    expect(recipients()).toEqual([owner.email, operator.email, inside.email].toSorted());
    mailServer.received.length = 0;
    await db.notificationPreferences.create({ data: { organizationId, userId: owner.userId, kinds: ['drift'], nightKinds: [] } });
    await db.notificationPreferences.create({ data: { organizationId, userId: viewer.userId, kinds: ['window_missed'], nightKinds: [] } });
    await miss();
    await send();
    expect(recipients()).toEqual([operator.email, viewer.email].toSorted());
    expect([outside.email, inside.email].some((email) => recipients().includes(email))).toBe(false);
  });

  it('those of a tag where they chose one, and the recipients of a policy whatever they chose', async () => {
    const [tagged, recipient, nobody] = [await member(), await member(), await member()];
    for (const { userId } of [recipient, nobody]) await db.notificationPreferences.create({ data: { organizationId, userId, kinds: [], nightKinds: [] } });
    await db.notificationPreferences.create({
      data: { organizationId, userId: tagged.userId, kinds: ['rotation_failed'], nightKinds: [], tagKey: 'team', tagValue: 'shop' },
    });
    await fail();
    await send();
    expect(recipients()).toEqual([]);
    await db.projectTag.create({ data: { organizationId, projectId: adopted.projectId, key: 'team', value: 'shop' } });
    await db.policy.create({
      data: { id: newId('pol'), organizationId, name: 'Monthly', maxAgeDays: 30, timeZone: 'UTC', notifyUserIds: [recipient.userId] },
    });
    const { id: policy_id } = await db.policy.findFirstOrThrow({ where: { organizationId } });
    await happen('policy.backed_off', { policy_id, name: 'Monthly', failures: 2 });
    await send();
    expect(recipients()).toEqual([tagged.email, recipient.email].toSorted());
  });

  it('nobody who has left, and none of another organization', async () => {
    const { userId } = await member();
    await fail();
    await db.member.deleteMany({ where: { userId } });
    await send();
    expect(mailServer.received).toEqual([]);
  });

  it.each([
    ['02:00', '2026-11-24T02:00:00Z', '2026-11-24T06:00:00.000Z'],
    ['23:30', '2026-11-24T22:30:00Z', '2026-11-25T06:00:00.000Z'],
    ['12:00', '2026-11-24T11:00:00Z', '2026-11-24T11:01:00.000Z'],
  ])('at %s in Berlin what may wait is held until 07:00', async (_, now, expected) => {
    const { userId } = await member();
    await db.notificationPreferences.create({
      data: { organizationId, userId, kinds: ['window_missed', 'drift'], nightKinds: ['drift'], timeZone: 'Europe/Berlin' },
    });
    await db.$transaction(async (tx) => {
      // The clock of this transaction alone: the statement finds this function before the store's own.
      await tx.$executeRawUnsafe(`CREATE SCHEMA clock`);
      await tx.$executeRawUnsafe(`CREATE FUNCTION clock.now() RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT timestamptz '${now}' $$`);
      await tx.$executeRawUnsafe(`SET LOCAL search_path = clock, public, pg_catalog`);
      await recordEvent(tx, { organizationId, projectId: null, type: 'policy.missed', data: {} });
      await recordEvent(tx, { organizationId, projectId: adopted.projectId, type: 'integration.drifted', data: {} });
      const rows = await tx.notice.findMany({ where: { userId }, orderBy: { kind: 'asc' } });
      expect(rows.map(({ kind, notBefore }) => [kind, notBefore.toISOString()])).toEqual([
        ['drift', new Date(Date.parse(now) + 60_000).toISOString()],
        ['window_missed', expected],
      ]);
      await tx.$executeRawUnsafe('DROP SCHEMA clock CASCADE');
    });
  });
});

describe('names', () => {
  it('begin no header, and are encoded where they are not ASCII', async () => {
    const { userId, email } = await member('Zoë Wörld "Ops"');
    await db.project.update({ where: { id: adopted.projectId }, data: { name: 'Läden\r\nBcc: evil@example.com\r\n\r\n<b>body</b>' } });
    await fail();
    await send();
    const [mail] = sentTo(email);
    expect(mail?.to).toEqual([email]);
    expect(mail?.parsed.subject).toBe('The rotation of Läden Bcc: evil@example.com <b>body</b> failed');
    expect(mail?.parsed.to).toMatchObject({ value: [{ address: email, name: 'Zoë Wörld "Ops"' }] });
    const head = mail?.raw.slice(0, mail.raw.indexOf('\r\n\r\n')) ?? '';
    expect(head).not.toMatch(/^bcc:/im);
    // Nothing but ASCII in the headers (RFC 2047).
    expect(head).toMatch(/^[\x20-\x7e\r\n\t]*$/);
    expect(head).toMatch(/^Subject: =\?UTF-8\?/m);
    await db.user.update({ where: { id: userId }, data: { name: 'Eve\r\nBcc: evil@example.com' } });
    mailServer.received.length = 0;
    await fail();
    await send();
    expect(sentTo(email)[0]?.to).toEqual([email]);
    expect(sentTo(email)[0]?.parsed.bcc).toBeUndefined();
  });
});

describe('a mail that is not taken', () => {
  const read = () => db.mail.findFirstOrThrow({ where: { organizationId } });

  it('is tried again after growing waits under the same Message-ID, and given up at last', async () => {
    await member();
    await fail();
    mailServer.answer(() => ({ code: 451, message: 'try again later' }));
    await db.$executeRaw`UPDATE notices SET not_before = now() - interval '1 s'`;
    await formMails();
    const waits: number[] = [];
    for (let n = 1; n <= MAIL_ATTEMPTS; n++) {
      await db.$executeRaw`UPDATE mails SET next_attempt_at = now() - interval '1 s'`;
      const before = Date.now();
      expect(await sendDueMails('wrk_test')).toBe(1);
      const { state, attempts, nextAttemptAt, lastError } = await read();
      expect({ attempts, lastError }).toEqual({ attempts: n, lastError: expect.stringContaining('451') });
      if (state === 'pending') waits.push(Math.round((nextAttemptAt.getTime() - before) / 60_000));
      else expect([n, state]).toEqual([MAIL_ATTEMPTS, 'failed']);
      expect(await sendDueMails('wrk_test')).toBe(0);
    }
    expect(waits).toEqual([1, 5, 15, 60, 180, 360, 720]);
    expect((await nextDue()).due.has('mails')).toBe(false);
  });

  it('is given up at once where the server refuses its recipient for good', async () => {
    await member();
    await fail();
    mailServer.answer(() => ({ code: 550, message: 'no such user' }));
    await send();
    expect(await read()).toMatchObject({ state: 'failed', attempts: 1, lastError: expect.stringContaining('no such user') });
  });

  it('is sent again under the same Message-ID after a crash between the server and the store', async () => {
    const { email } = await member();
    await fail();
    const held = holdAt('mail.sent');
    const sending = send().catch(() => undefined);
    await held.reached;
    held.fail(new Error('crash'));
    await sending;
    await db.$executeRaw`UPDATE mails SET lease_until = now() - interval '1 s'`;
    await send();
    expect(await read()).toMatchObject({ state: 'sent', attempts: 2 });
    expect(sentTo(email)).toHaveLength(2);
    expect(new Set(sentTo(email).map(({ parsed }) => parsed.messageId)).size).toBe(1);
  });
});

it('is only said where it became true', async () => {
  await member();
  const undone = db.$transaction(async (tx) => {
    await recordEvent(tx, { organizationId, projectId: null, type: 'policy.missed', data: {} });
    throw new Error('undone');
  });
  await expect(undone).rejects.toThrow('undone');
  expect(await db.notice.count()).toBe(0);
});
