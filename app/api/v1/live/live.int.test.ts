import { expect, it } from 'vitest';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { addTasks, createConsumer, deleteConsumer } from '#lib/consumers/consumers.ts';
import { generatePassword } from '#lib/crypto/password.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { NOWHERE } from '#scripts/servers/place.ts';
import { adopt } from '#scripts/testing/adopt.ts';
import { makeOrganization, memberHeaders } from '#scripts/testing/call-api.ts';
import { request } from '#scripts/testing/drive-rotation.ts';
import { openLive } from '#scripts/testing/open-live.ts';

const audit = async (organizationId: string) => {
  await db.$transaction((tx) => recordAudit(tx, systemContext(organizationId), { action: 'project.updated' }));
  return (await db.auditEvent.findFirstOrThrow({ where: { organizationId }, orderBy: { seq: 'desc' } })).id;
};

it('tells an organization of its own changes, and of nobody else’s', async () => {
  const [ours, theirs] = [await makeOrganization(), await makeOrganization()];
  const stream = await openLive(await memberHeaders(ours, 'viewer'));
  expect(stream.response.headers.get('content-type')).toBe('text/event-stream');
  expect(await stream.readUntil((text) => text.includes('event: beat'))).toBe('event: beat\ndata: {}\n\n');
  const [foreign, own] = [await audit(theirs), await audit(ours)];
  const text = await stream.readUntil((read) => read.includes(own));
  expect(text).toContain(`data: {"kind":"audit","id":"${own}"}`);
  expect(text).not.toContain(foreign);
  await stream.close();
});

it('tells of a consumer by its project, and of its task by the job too', async () => {
  const adopted = await adopt({ target: NOWHERE, login: { user: 'app', password: generatePassword() } });
  const { context, projectId, databaseId } = adopted;
  const { organizationId } = context;
  const rotationId = await request(adopted);
  const { jobId } = await db.rotation.findUniqueOrThrow({ where: { id: rotationId } });
  const stream = await openLive(await memberHeaders(organizationId, 'viewer'));
  await stream.readUntil((text) => text.includes('beat'));
  /** What is told of an act: all up to an audit event that follows it. */
  let before = '';
  const toldOf = async (act: Promise<unknown>) => {
    await act;
    const end = await audit(organizationId);
    const text = await stream.readUntil((read) => read.includes(end));
    const told = text.slice(before.length);
    before = text;
    return told;
  };
  const consumer = `{"kind":"consumer","id":"${projectId}"}`;
  expect(await toldOf(createConsumer(context, projectId, { name: 'Nightly report', kind: 'cron_job' }))).toContain(consumer);
  const tasks = await toldOf(db.$transaction((tx) => addTasks(tx, { organizationId, rotationId, databaseId })));
  expect(tasks).toContain(consumer);
  expect(tasks).toContain(`{"kind":"job","id":"${jobId}"}`);
  const { id: consumerId } = await db.consumer.findFirstOrThrow({ where: { projectId } });
  expect(await toldOf(deleteConsumer(context, { projectId, consumerId }))).toContain(consumer);
  await stream.close();
});

it('tells of an integration that is disconnected, and of a webhook endpoint that is deleted', async () => {
  const { context, projectId } = await adopt({ target: NOWHERE, login: { user: 'app', password: generatePassword() } });
  const { organizationId } = context;
  const [integrationId, endpointId] = [newId('itg'), newId('whe')];
  const place = { provider: 'github', externalId: 'acme/shop', name: 'acme/shop' } as const;
  await db.integration.create({ data: { id: integrationId, organizationId, projectId, ...place, tokenSealed: 'sealed', config: {} } });
  const url = 'https://hooks.example.com/';
  await db.webhookEndpoint.create({ data: { id: endpointId, organizationId, url, receiver: 'hooks.example.com:443', eventTypes: ['*'] } });
  const stream = await openLive(await memberHeaders(organizationId, 'viewer'));
  await stream.readUntil((text) => text.includes('beat'));
  await db.integration.delete({ where: { id: integrationId } });
  await db.webhookEndpoint.delete({ where: { id: endpointId } });
  const end = await audit(organizationId);
  const told = await stream.readUntil((read) => read.includes(end));
  expect(told).toContain(`{"kind":"integration","id":"${integrationId}"}`);
  expect(told).toContain(`{"kind":"webhook","id":"${endpointId}"}`);
  await stream.close();
});

it('tells of a secret of sites when it is made, and when it is gone', async () => {
  const organizationId = await makeOrganization();
  const stream = await openLive(await memberHeaders(organizationId, 'viewer'));
  await stream.readUntil((text) => text.includes('beat'));
  const id = newId('sec');
  const told = (text: string) => text.split(`{"kind":"site","id":"${id}"}`).length - 1;
  await db.environmentSecret.create({ data: { id, organizationId, key: 'PAYMENT_KEY', sealed: 'sealed' } });
  await stream.readUntil((text) => told(text) === 1);
  await db.environmentSecret.delete({ where: { id } });
  await audit(organizationId);
  expect(told(await stream.readUntil((text) => text.includes('"audit"')))).toBe(2);
  await stream.close();
});

it('ends soon after the session is revoked', async () => {
  const organizationId = await makeOrganization();
  const stream = await openLive(await memberHeaders(organizationId, 'viewer'));
  await db.session.updateMany({ where: { organizationId }, data: { revokedAt: new Date() } });
  // Resolves only when the stream ends: the check runs with every fifth beat.
  await stream.readUntil(() => false);
});

it('ends when the store’s connection is cut, and opens again', async () => {
  const headers = await memberHeaders(await makeOrganization(), 'viewer');
  const stream = await openLive(headers);
  await stream.readUntil((text) => text.includes('beat'));
  await db.$queryRaw`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'rekey live' AND datname = current_database()`;
  await stream.readUntil(() => false);
  const again = await openLive(headers);
  expect(await again.readUntil((text) => text.includes('beat'))).toContain('beat');
  await again.close();
});

it('ends when the process is told to, which would otherwise wait for it', async () => {
  const stream = await openLive(await memberHeaders(await makeOrganization(), 'viewer'));
  await stream.readUntil((text) => text.includes('beat'));
  process.emit('SIGTERM');
  await stream.readUntil(() => false);
});
