// Promise 28: whatever becomes of a rotation, no password is to be read anywhere but where it belongs.
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { listAuditEvents } from '#lib/audit/read-events.ts';
import { requestVerification } from '#lib/checks/request-verification.ts';
import { generatePassword } from '#lib/crypto/password.ts';
import type { Login, Target } from '#lib/engines/engine.ts';
import { getJob } from '#lib/jobs/jobs.ts';
import { db } from '#lib/kernel/db.ts';
import { env } from '#lib/kernel/env.ts';
import { openCredential } from '#lib/logins/sealing.ts';
import { createProject } from '#lib/projects/create-project.ts';
import { getProject } from '#lib/projects/get-project.ts';
import { withDirect } from '#scripts/servers/place.ts';
import { startTcpProxy, type TcpProxy } from '#scripts/servers/tcp-proxy.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { adopt } from '#scripts/testing/adopt.ts';
import { findSecrets, type Place, readCommandLines, readEnvironments, readTables } from '#scripts/testing/canary.ts';
import { readRotation, request } from '#scripts/testing/drive-rotation.ts';
import { type RunningWorker, runWorker } from '#scripts/testing/run-worker.ts';

/** Of signs that every encoding writes in another way. */
const ODD = 'p%40ss w:/?#[]@"\'\\wörd-';

const settings = {
  log_statement: 'all',
  log_connections: 'on',
  log_min_messages: 'debug1',
  log_min_error_statement: 'debug1',
  log_parameter_max_length_on_error: '-1',
};

let asking: TestTarget;
let filed: TestTarget;
let proxy: TcpProxy;
let worker: RunningWorker;
beforeAll(async () => {
  [asking, filed] = await Promise.all([
    startTarget({
      pooler: 'auth_query',
      poolerSettings: { settings: { verbose: '2' } },
      settings,
      hba: ['host all trusting 127.0.0.1/32 trust', 'host all all 127.0.0.1/32 scram-sha-256'],
    }),
    startTarget({ pooler: 'auth_file', poolerSettings: { settings: { verbose: '2' } }, settings }),
  ]);
  proxy = await startTcpProxy({ host: '127.0.0.1', port: asking.target.direct.port });
  worker = runWorker({ REKEY_LOG_LEVEL: 'debug', REKEY_BACKOFF_MS: '10', REKEY_POOLER_RETRY_MS: '5,10', REKEY_ATTENTION_MS: '100' });
  await worker.ready;
});
afterAll(async () => {
  await worker.stop();
  await proxy.stop();
  await Promise.all([asking.stop(), filed.stop()]);
});

const secrets: Record<string, string> = {};
const answers: Place[] = [];
const keep = (name: string, login: Login): Login => {
  secrets[name] = login.password.reveal();
  return login;
};

/** Has the worker rotate a login, and waits for its end. */
async function rotateLogin(name: string, target: Target, login: Login, rotator?: Login) {
  const adopted = await adopt({ target, login: keep(`old of ${name}`, login), ...(rotator && { rotator: keep(`rotator of ${name}`, rotator) }) });
  const id = await request(adopted, { reason: 'routine', close_sessions: true });
  return {
    adopted,
    id,
    ended: (states: string[]) => vi.waitFor(async () => expect(states).toContain((await readRotation(id)).state), { timeout: 60_000, interval: 50 }),
  };
}

const direct = ({ target }: TestTarget): Target => ({ ...target, pooled: null });

it('leaks nowhere through success, retry, undo, failure, attention and a connection check', async () => {
  const odd = (name: string, server = asking) => server.createLogin(name, { password: `${ODD}${name}` });
  const byRole = await rotateLogin('success', asking.target, await odd('success'));
  const served = await odd('served');
  const byRotator = await rotateLogin('served', asking.target, served, await asking.createRotator('serving', served));
  const undone = await rotateLogin('undone', filed.target, await odd('undone', filed));
  const refused = await rotateLogin('refused', direct(asking), { ...(await odd('refused')), password: generatePassword() });
  const trusting = await rotateLogin('trusting', direct(asking), await odd('trusting'));
  await Promise.all([
    byRole.ended(['completed']),
    byRotator.ended(['completed']),
    undone.ended(['failed']),
    refused.ended(['failed']),
    trusting.ended(['failed']),
  ]);

  // A change whose answer is lost, on a server that is unreachable for a while.
  void proxy.failOn('COMMIT', 'lose_answer').then(() => proxy.refuse());
  const lost = await rotateLogin('lost', withDirect(direct(asking), { port: proxy.port }), await odd('lost'));
  await lost.ended(['applying']);
  // Until then it waits for the server.
  await db.rotation.update({ where: { id: lost.id }, data: { deadlineAt: new Date() } });
  await lost.ended(['needs_attention']);
  const unsettled = await readTables(env.DATABASE_URL);
  await proxy.accept();
  await lost.ended(['completed']);

  const all = [byRole, byRotator, undone, refused, trusting, lost];
  const { context } = byRole.adopted;
  const login = keep('adopted', await odd('adopted'));
  const { project, job } = await createProject(context, {
    name: 'Adopted',
    connection_url: asking.urlOf(login),
    pooled_connection_url: asking.urlOf(login, 'pooled'),
  });
  answers.push({ name: 'answer to an adoption', text: JSON.stringify({ project, job }) });
  secrets['in a URL that is refused'] = `${ODD}refused-url`;
  for (const url of [
    `postgresql://app:${encodeURIComponent(`${ODD}refused-url`)}@host:notaport/db`,
    `mysql://app:${encodeURIComponent(`${ODD}refused-url`)}@host`,
  ]) {
    const error = await createProject(context, { name: 'Refused', connection_url: url }).catch((reason: unknown) => reason);
    answers.push({ name: 'answer to a refused URL', text: JSON.stringify(error, Object.getOwnPropertyNames(error)) });
  }
  const { jobId } = await requestVerification(byRotator.adopted.context, byRotator.adopted.projectId);
  for (const id of [jobId, job.id])
    await vi.waitFor(async () => expect(await db.job.findUnique({ where: { id } })).toMatchObject({ state: 'completed' }), { timeout: 60_000, interval: 50 });

  for (const { adopted, id } of all) {
    const { jobId: rotationJob } = await readRotation(id);
    const bodies = [
      await getJob(adopted.context, rotationJob),
      await getProject(adopted.context, adopted.projectId),
      await listAuditEvents(adopted.context, { limit: 100 }),
    ];
    answers.push({ name: 'answers', text: JSON.stringify(bodies) });
  }
  for (const credential of await db.credential.findMany({ include: { database: true } })) {
    secrets[`version ${credential.version} of ${credential.database.roleName}`] ??= (await openCredential(credential)).password.reveal();
  }
  expect(Object.keys(secrets)).toHaveLength(20);

  const tables = await readTables(env.DATABASE_URL);
  const places: Place[] = [
    ...unsettled,
    ...tables,
    ...answers,
    { name: 'output of the worker', text: worker.output() },
    { name: 'log of the target and its pooler', text: asking.log() },
    { name: 'log of the target with auth_file', text: filed.log() },
    { name: 'what sessions run on the target', text: JSON.stringify(await asking.sql('SELECT * FROM pg_stat_activity')) },
    readCommandLines(),
    ...readEnvironments(worker.pid),
  ];
  expect(findSecrets(secrets, places)).toEqual([]);

  // The scan sees: what may stand in each of these places is found there.
  const seen = (name: string, text: string) =>
    findSecrets(
      { it: text },
      places.filter((place) => place.name === name),
    ).length > 0;
  expect(seen('table public.rotations', lost.id)).toBe(true);
  expect(seen('table public.audit_events', 'project.rotation_needs_attention')).toBe(true);
  expect(seen('table pgboss.job_common', 'rotation.advance')).toBe(true);
  expect(seen('output of the worker', lost.id)).toBe(true);
  expect(seen('log of the target and its pooler', 'ALTER ROLE "success" PASSWORD \'SCRAM-SHA-256$')).toBe(true);
  expect(seen('log of the target with auth_file', 'ALTER ROLE "undone" PASSWORD \'SCRAM-SHA-256$')).toBe(true);
  expect(seen('log of the target with auth_file', 'user=undone')).toBe(true);
  expect(seen('command lines', 'workers/main.ts')).toBe(true);
  expect(seen('answers', byRole.id)).toBe(true);
}, 180_000);
