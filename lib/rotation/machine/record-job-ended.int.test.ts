// What is told of a job's end, and that it is told in one piece with it.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { requestVerification } from '#lib/checks/request-verification.ts';
import { verifyConnection } from '#lib/checks/verify-connection.ts';
import { createConsumer } from '#lib/consumers/consumers.ts';
import { generatePassword } from '#lib/crypto/password.ts';
import { db } from '#lib/kernel/db.ts';
import { createWebhookEndpoint } from '#lib/webhooks/create-webhook-endpoint.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { rotate, storedLogin } from '#scripts/testing/drive-rotation.ts';

let server: TestTarget;
beforeAll(async () => {
  server = await startTarget();
});
afterAll(() => server.stop());

async function adoptWatched(name: string): Promise<Adopted> {
  const adopted = await adopt({ target: server.target, login: await server.createLogin(name) });
  await createWebhookEndpoint(adopted.context, { url: 'https://hooks.example.com/', event_types: ['*'] });
  return adopted;
}

/** Everything told, oldest first, each with how many endpoints it goes to. */
async function told({ projectId }: Adopted) {
  const events = await db.event.findMany({ where: { projectId }, include: { deliveries: true }, orderBy: [{ createdAt: 'asc' }, { type: 'asc' }] });
  return events.map(({ type, data, deliveries }) => ({ type, data, to: deliveries.length }));
}

async function verify({ context, projectId }: Adopted): Promise<string> {
  const { jobId } = await requestVerification(context, projectId);
  await verifyConnection(jobId, 'wrk_test');
  return jobId;
}

it('a rotation sends credentials.rotated and job.completed, without either password', async () => {
  const adopted = await adoptWatched('told');
  const old = await storedLogin(adopted);
  await createConsumer(adopted.context, adopted.projectId, { name: 'Nightly report', kind: 'cron_job', owner: 'ops@example.com' });
  const { jobId } = await rotate(adopted, { reason: 'departure', note: 'between us' });
  const data = {
    job_id: jobId,
    job_type: 'project.rotate_credentials',
    role_name: 'told',
    requested_by: expect.any(String),
    from_version: 1,
    to_version: 2,
    reason: 'departure',
    consumers_to_update: ['Nightly report'],
  };
  const events = await told(adopted);
  expect(events).toEqual([
    { type: 'credentials.rotated', data, to: 1 },
    { type: 'job.completed', data, to: 1 },
  ]);
  for (const { password } of [old, await storedLogin(adopted)]) expect(JSON.stringify(events)).not.toContain(password.reveal());
});

it('a failed rotation sends the reason', async () => {
  const adopted = await adoptWatched('fails');
  await server.sql(`ALTER ROLE fails PASSWORD '${generatePassword().reveal()}'`);
  const { jobId } = await rotate(adopted);
  const data = {
    job_id: jobId,
    job_type: 'project.rotate_credentials',
    role_name: 'fails',
    requested_by: expect.any(String),
    from_version: 1,
    error_code: 'current_password_refused',
  };
  expect(await told(adopted)).toEqual([{ type: 'job.failed', data, to: 1 }]);
});

it('a connection check sends its end', async () => {
  const adopted = await adoptWatched('proven');
  const proven = await verify(adopted);
  await server.sql(`ALTER ROLE proven PASSWORD '${generatePassword().reveal()}'`);
  const refused = await verify(adopted);
  const about = { job_type: 'project.verify_connection', role_name: 'proven', requested_by: expect.any(String) };
  expect(await told(adopted)).toEqual([
    { type: 'job.completed', data: { job_id: proven, ...about }, to: 1 },
    { type: 'job.failed', data: { job_id: refused, ...about, error_code: 'current_password_refused' }, to: 1 },
  ]);
});
