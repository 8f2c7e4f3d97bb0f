// A server whose certificate changes after the adoption: proven by itself, or left for a person to compare.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runDailyCheck } from '#lib/checks/daily-check.ts';
import { requestVerification } from '#lib/checks/request-verification.ts';
import { verifyConnection } from '#lib/checks/verify-connection.ts';
import { SCOPES } from '#lib/contract/scopes.ts';
import { Secret } from '#lib/crypto/secret.ts';
import type { EngineName, Login, Target } from '#lib/engines/engine.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { getProject } from '#lib/projects/get-project.ts';
import { trustServerKey } from '#lib/projects/trust-server-key.ts';
import { updateProject } from '#lib/projects/update-project.ts';
import { type MariadbTarget, startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { withTls } from '#scripts/servers/place.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { rotate } from '#scripts/testing/drive-rotation.ts';
import { makeCertificate } from '#scripts/testing/make-certificate.ts';
import { itRecords } from '#scripts/testing/records.ts';

vi.hoisted(() => {
  process.env.REKEY_BACKOFF_MS = '1';
});

const newCertificate = () => makeCertificate('localhost');

let postgres: TestTarget;
let plain: TestTarget;
let mariadb: MariadbTarget;
beforeAll(async () => {
  const hba = ['host all hashed 127.0.0.1/32 md5', 'host all open_md5 127.0.0.1/32 md5', 'host all all 127.0.0.1/32 scram-sha-256'];
  [postgres, plain, mariadb] = await Promise.all([
    startTarget({ hba, certificate: newCertificate(), settings: { log_connections: 'on' } }),
    startTarget({ hba }),
    startMariadbTarget({ certificate: newCertificate() }),
  ]);
});
afterAll(() => Promise.all([postgres.stop(), plain.stop(), mariadb.stop()]));

const ofMd5 = async (server: TestTarget, user: string): Promise<Login> => {
  const password = new Secret('a password by MD5');
  await server.sql(`SET password_encryption = 'md5'; CREATE ROLE ${user} LOGIN PASSWORD '${password.reveal()}'`);
  return { user, password };
};

async function check({ context, projectId }: Adopted) {
  const { jobId } = await requestVerification(context, projectId);
  await verifyConnection(jobId, 'wrk_test');
  const [job, project] = await Promise.all([db.job.findUniqueOrThrow({ where: { id: jobId } }), getProject(context, projectId)]);
  return { job, project };
}

const audited = async ({ projectId }: Adopted) =>
  (await db.auditEvent.findMany({ where: { projectId, action: 'project.server_key_trusted' }, orderBy: { createdAt: 'asc' } })).map(({ metadata }) => metadata);

/** Adopted and checked: the key is trusted. */
async function adoptTrusted(target: Target, login: Login, engine: EngineName = 'postgresql'): Promise<Adopted & { key: string }> {
  const adopted = await adopt({ engine, target: withTls(target, { mode: 'require' }), login });
  const { job, project } = await check(adopted);
  expect(job).toMatchObject({ state: 'completed', error: null });
  expect(project.protection.direct).toMatchObject({ channel: 'pinned', server_key: expect.stringMatching(/^[0-9a-f]{64}$/) });
  return { ...adopted, key: project.protection.direct?.server_key ?? '' };
}

describe('a key that was trusted at the first login', () => {
  it('is shown, with one line on what protects the login', async () => {
    const adopted = await adoptTrusted(postgres.target, await postgres.createLogin('shown'));
    const { protection } = await getProject(adopted.context, adopted.projectId);
    expect(protection.text).toBe(`Trusted server key ${adopted.key.slice(0, 8)}…, SCRAM`);
    expect(protection).toMatchObject({ allows_md5: false, refused_keys: [], pooled: null });
  });

  it('is replaced automatically if SCRAM channel binding has proven the server', async () => {
    const adopted = await adoptTrusted(postgres.target, await postgres.createLogin('renewed'));
    await postgres.replaceCertificate(newCertificate());
    const { job, project } = await check(adopted);
    expect(job).toMatchObject({ state: 'completed', error: null });
    const to = project.protection.direct?.server_key;
    expect(to).not.toBe(adopted.key);
    expect(await audited(adopted)).toMatchObject([{ from: adopted.key, to, proof: 'channel_binding', endpoint: 'direct' }]);
  });

  it('is replaced in the middle of a rotation in the same way', async () => {
    const adopted = await adoptTrusted(postgres.target, await postgres.createLogin('rotating'));
    await postgres.replaceCertificate(newCertificate());
    expect(await rotate(adopted)).toMatchObject({ state: 'completed' });
    expect(await audited(adopted)).toMatchObject([{ from: adopted.key, proof: 'channel_binding' }]);
  });

  it.each(['postgresql', 'mysql'] as const)('otherwise refuses any other key (%s): names both, and sends nothing', async (engine) => {
    const server = engine === 'mysql' ? mariadb : postgres;
    const login = engine === 'mysql' ? await mariadb.createLogin('hashed') : await ofMd5(postgres, 'hashed');
    const adopted = await adoptTrusted(server.target, login, engine);
    await server.replaceCertificate(newCertificate());
    const mentions = () => server.log().split('hashed').length;
    const before = mentions();

    const rotation = await rotate(adopted);
    expect(rotation).toMatchObject({ state: 'failed', errorCode: 'server_key_changed', attempts: 1 });
    const { job, project } = await check(adopted);
    expect(job).toMatchObject({ state: 'failed', errorCode: 'server_key_changed', attempts: 1, error: rotation.job.error });
    const [refused] = project.protection.refused_keys;
    expect(refused).toMatchObject({ endpoint: 'direct', kind: 'tls', trusted: adopted.key, offered: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const offered = refused?.offered ?? '';
    for (const text of [job.error, project.last_error]) expect(text).toContain(`Trusted: ${adopted.key}. Shown: ${offered}. If you know the new key, trust it`);
    // Not even the name of the login has reached the server.
    expect(mentions()).toBe(before);

    await expect(trustServerKey(adopted.context, adopted.projectId, { endpoint: 'direct', kind: 'tls', fingerprint: '0'.repeat(64) })).rejects.toMatchObject({
      code: 'conflict',
    });
    const trusted = await trustServerKey(adopted.context, adopted.projectId, { endpoint: 'direct', kind: 'tls', fingerprint: offered });
    await verifyConnection(trusted.job.id, 'wrk_test');
    const after = await getProject(adopted.context, adopted.projectId);
    expect(after).toMatchObject({ state: 'ready', last_error: null, protection: { direct: { server_key: offered }, refused_keys: [] } });
    expect(await audited(adopted)).toMatchObject([{ from: adopted.key, to: offered, proof: 'person' }]);
    expect(await rotate(adopted)).toMatchObject({ state: 'completed' });
  });

  it('is compared by the daily check too, which reports it', async () => {
    const adopted = await adoptTrusted(mariadb.target, await mariadb.createLogin('daily'), 'mysql');
    await mariadb.replaceCertificate(newCertificate());
    await runDailyCheck(adopted.databaseId, 'wrk_test');
    const project = await getProject(adopted.context, adopted.projectId);
    expect(project).toMatchObject({ state: 'needs_attention', last_error: expect.stringContaining(`Trusted: ${adopted.key}.`) });
    expect(project.protection.refused_keys).toHaveLength(1);
  });

  it('is required even if the mode would allow plain text', async () => {
    const login = await postgres.createLogin('preferring');
    const adopted = await adopt({ target: withTls(postgres.target, { mode: 'prefer' }), login });
    expect((await check(adopted)).job.state).toBe('completed');
    // The same login at a server without TLS, as a downgrade would have it.
    await plain.createLogin('preferring', { password: login.password.reveal() });
    await db.database.update({ where: { id: adopted.databaseId }, data: { directPort: plain.target.direct.port } });
    expect((await check(adopted)).job).toMatchObject({ state: 'failed', errorCode: 'tls_downgraded' });
  });
});

describe('a server without TLS', () => {
  it('gets SCRAM, and its later key is not trusted automatically', async () => {
    const adopted = await adopt({ target: plain.target, login: await plain.createLogin('open') });
    const { project } = await check(adopted);
    expect(project.protection).toMatchObject({ text: 'No TLS: SCRAM only', direct: { channel: 'plain', method: 'scram', server_key: null } });
    expect(await db.database.findUnique({ where: { id: adopted.databaseId } })).toMatchObject({ directPinnedKey: 'none' });
  });

  it('gets MD5 only if a person allowed it', async () => {
    const login = await ofMd5(plain, 'open_md5');
    const refused = await check(await adopt({ target: plain.target, login }));
    expect(refused.job).toMatchObject({ state: 'failed', errorCode: 'md5_refused', error: expect.stringContaining('allows_md5') });
    const adopted = await adopt({ target: plain.target, login });
    const chosen = await updateProject(adopted.context, adopted.projectId, { allows_md5: true });
    await verifyConnection(chosen.latest_job_id ?? '', 'wrk_test');
    const project = await getProject(adopted.context, adopted.projectId);
    expect(project).toMatchObject({ state: 'ready', protection: { text: 'No TLS, MD5 by choice', allows_md5: true } });
    expect(project.rights?.notes).toContainEqual({ tone: 'warn', text: expect.stringContaining('MD5 hash to a server that has not proven its identity') });
    const [event] = await db.auditEvent.findMany({ where: { projectId: adopted.projectId, action: 'project.updated' } });
    expect(event?.metadata).toMatchObject({ fields: ['allows_md5'], allows_md5: true });
  });

  it('gets less than SCRAM only if a person allowed it: no API key may', async () => {
    const { context, projectId, databaseId } = await adopt({ target: plain.target, login: await plain.createLogin('by_key') });
    const byKey = { ...context, actor: { kind: 'api_key', id: 'key_1', name: 'CI', scopes: [...SCOPES], projectId: null } } satisfies Context;
    for (const choice of [{ allows_md5: true }, { sends_plaintext: true }])
      await expect(updateProject(byKey, projectId, choice)).rejects.toMatchObject({ code: 'forbidden', message: expect.stringContaining('signed-in people') });
    expect(await db.database.findUnique({ where: { id: databaseId } })).toMatchObject({ allowsMd5: false, sendsPlaintext: false });
    await expect(updateProject(byKey, projectId, { allows_md5: false, sends_plaintext: false })).resolves.toMatchObject({ sends_plaintext: false });
  });

  it('revokes MD5 that only the upgrade allowed once a check has needed none', async () => {
    const adopted = await adopt({ target: withTls(plain.target, { allowsMd5: true }), login: await plain.createLogin('upgraded') });
    await db.database.update({ where: { id: adopted.databaseId }, data: { allowsMd5SinceUpgrade: true } });
    expect((await check(adopted)).project.protection.allows_md5).toBe(false);
  });
});

itRecords(
  ['project.server_key_trusted (trust-keys)', { metadata: { path: ['proof'], equals: 'channel_binding' } }],
  ['project.server_key_trusted (trust-server-key)', { metadata: { path: ['proof'], equals: 'person' } }],
);
