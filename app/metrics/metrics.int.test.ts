import { globSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Prisma } from '#generated/prisma/client.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { generatePassword } from '#lib/crypto/password.ts';
import { db } from '#lib/kernel/db.ts';
import { env } from '#lib/kernel/env.ts';
import { newId } from '#lib/kernel/ids.ts';
import { RETIREMENT_PUT_OFF_MS } from '#lib/logins/limits.ts';
import { LIVE_STATES } from '#lib/rotation/machine/states.ts';
import { withDirect } from '#scripts/servers/place.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { call, from, keyHeaders, makeOrganization, memberHeaders } from '#scripts/testing/call-api.ts';
import { rotate } from '#scripts/testing/drive-rotation.ts';
import { DELETE, GET, PATCH, POST, PUT } from './route.ts';

const { TOKEN } = vi.hoisted(() => {
  const made = 'b1946ac92492d2347c6235b4d2611184a5b3';
  process.env.REKEY_METRICS_TOKEN = made;
  return { TOKEN: made };
});
const scrape = (headers: Record<string, string> = { authorization: `Bearer ${TOKEN}` }) => call(GET, { path: '/metrics', headers });

const SAMPLE = /^([a-z][a-z0-9_]*)(\{[a-z_]+="[\w.]+"(?:,[a-z_]+="[\w.]+")*\})? (-?\d+(?:\.\d+)?(?:e-?\d+)?)$/;

/** The numbers by series. Throws where a line is none of the text format, a series comes twice, or comes before its HELP and TYPE. */
async function readMetrics(): Promise<Record<string, number>> {
  const { body } = await scrape();
  expect(body).toMatch(/\n$/);
  const [numbers, told]: [Record<string, number>, string[]] = [{}, []];
  for (const line of (body as string).trimEnd().split('\n')) {
    const [, word, name] = /^# (HELP|TYPE) ([a-z0-9_]+) (?:gauge|[A-Z][^\n]*\.)$/.exec(line) ?? [];
    if (word && name) told.push(`${word} ${name}`);
    if (line === '' || word) continue;
    const [, metric, labels = '', value] = SAMPLE.exec(line) ?? expect.fail(`no line of the format: ${line}`);
    expect(told.slice(-2)).toEqual([`HELP ${metric}`, `TYPE ${metric}`]);
    expect(numbers).not.toHaveProperty([`${metric}${labels}`]);
    numbers[`${metric}${labels}`] = Number(value);
  }
  expect(new Set(told).size).toBe(told.length);
  return numbers;
}

describe('GET /metrics', () => {
  it('is for who has its token, and no session, no API key and no part of it is that', async () => {
    const organizationId = await makeOrganization();
    const others = [
      {},
      { authorization: TOKEN },
      { authorization: `Bearer ${TOKEN.slice(1)}` },
      { authorization: `Bearer ${TOKEN}0` },
      { authorization: `Bearer ${env.NEXTAUTH_SECRET}` },
      await keyHeaders(organizationId),
      await memberHeaders(organizationId, 'owner'),
    ];
    for (const headers of others) expect(await scrape(headers)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect((await scrape({ authorization: `Bearer ${TOKEN}`, host: 'evil.example' })).status).toBe(421);
    const answer = await scrape();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    for (const handler of [DELETE, PATCH, POST, PUT]) expect((await call(handler, { method: 'POST', path: '/metrics' })).status).toBe(405);
  });

  it('lets nobody try tokens for long', async () => {
    const asked = () => scrape({ authorization: 'Bearer guess', ...from('192.0.2.77') });
    for (let i = 0; i < 60; i++) expect((await asked()).status).toBe(401);
    expect((await asked()).status).toBe(429);
    expect((await scrape()).status).toBe(200);
  });

  it('is no address at all where no token is set', async () => {
    env.REKEY_METRICS_TOKEN = undefined;
    expect(await scrape()).toMatchObject({ status: 404, body: { code: 'not_found' } });
    env.REKEY_METRICS_TOKEN = TOKEN;
  });

  it('is, beside health, the sign-in, the status of the documented API and the answers for unknown paths, all that stands outside the API', () => {
    expect(globSync('app/**/route.ts', { exclude: ['app/api/v1/**'] }).sort()).toEqual([
      'app/api/[...unknown]/route.ts',
      'app/api/auth/[...nextauth]/route.ts',
      'app/api/capydb/status/route.ts',
      'app/api/health/route.ts',
      'app/api/route.ts',
      'app/metrics/route.ts',
    ]);
  });
});

describe('the metrics', () => {
  let server: TestTarget;
  beforeAll(async () => {
    server = await startTarget();
  });
  afterAll(() => server.stop());

  const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);
  /** A login at a server that nobody asks. */
  const keep = (name: string): Promise<Adopted> =>
    adopt({
      target: withDirect(server.target, { host: `${name}.internal` }),
      login: { user: name, password: generatePassword() },
    });

  async function addRotation({ context, databaseId, projectId }: Adopted, row: Partial<Prisma.RotationUncheckedCreateInput>): Promise<void> {
    const common = { organizationId: context.organizationId, databaseId, requestedBy: 'test' };
    const [jobId, id] = [newId('job'), newId('rot')];
    const { id: fromCredentialId } = await db.credential.findFirstOrThrow({ where: { databaseId } });
    await db.job.create({
      data: { id: jobId, ...common, projectId, type: 'rotate_credentials', state: row.finishedAt ? 'completed' : 'running', maxAttempts: 4 },
    });
    await db.rotation.create({ data: { id, ...common, jobId, fromCredentialId, targetKey: databaseId, deadlineAt: ago(0), ...row } });
  }

  it('are all there while there is nothing, so that alerts can be made of them', async () => {
    await db.organization.deleteMany();
    await db.auditHead.deleteMany();
    const numbers = await readMetrics();
    expect(Object.values(numbers).filter((value) => value !== 0)).toEqual([]);
    const states = [...LIVE_STATES.map((state) => `rotations_live{state="${state}"}`), 'audit_chains{state="broken"}', 'workers_alive'];
    expect(Object.keys(numbers)).toEqual(expect.arrayContaining(states.map((name) => `rekey_${name}`)));
  });

  it('tell how rotations, logins, queues and chains stand, in numbers and no names', async () => {
    const rotated = await adopt({ target: server.target, login: await server.createLogin('role_rotated') });
    expect((await rotate(rotated)).state).toBe('completed');

    const waiting = await keep('role_waiting');
    await addRotation(waiting, { state: 'needs_attention', createdAt: ago(600) });
    await addRotation(waiting, { state: 'completed', createdAt: ago(7300), finishedAt: ago(7200) });
    await db.database.update({ where: { id: waiting.databaseId }, data: { state: 'needs_attention' } });

    // One old password was put off by a retirement that failed, one is still within its hours.
    const [late, early] = [await keep('role_late'), await keep('role_early')];
    await addRotation(late, { state: 'failed', kind: 'retire', createdAt: ago(30), finishedAt: ago(1) });
    for (const { databaseId } of [late, early]) {
      const { id } = await db.credential.findFirstOrThrow({ where: { databaseId } });
      await db.credential.update({ where: { id }, data: { state: 'retiring', retireAt: new Date(Date.now() + RETIREMENT_PUT_OFF_MS - 5000) } });
    }

    const { organizationId } = rotated.context;
    const common = { organizationId, databaseId: rotated.databaseId, requestedBy: 'test', maxAttempts: 4 };
    await db.job.create({ data: { id: newId('job'), ...common, projectId: rotated.projectId, type: 'sync_env', createdAt: ago(120) } });
    const integration = {
      id: newId('itg'),
      organizationId,
      projectId: rotated.projectId,
      provider: 'vercel',
      externalId: 'prj_secret',
      name: 'Their shop',
    } as const;
    await db.integration.create({ data: { ...integration, tokenSealed: 'x', config: {} } });
    for (const [target, state] of [
      ['production', 'failed'],
      ['preview', 'in_sync'],
    ] as const)
      await db.integrationTarget.create({ data: { organizationId, integrationId: integration.id, target, state } });

    const eventId = newId('evt');
    await db.event.create({ data: { id: eventId, organizationId, type: 'job.failed', data: {} } });
    const addEndpoint = async (isActive: boolean) => {
      const id = newId('whe');
      await db.webhookEndpoint.create({ data: { id, organizationId, url: 'https://hooks.secret.example/', receiver: 'hooks.secret.example:443', isActive } });
      return id;
    };
    const [active, disabled] = [await addEndpoint(true), await addEndpoint(false)];
    const addDelivery = (endpointId: string, state: 'pending' | 'failed', seconds: number) =>
      db.delivery.create({
        data: { id: newId('dlv'), organizationId, endpointId, eventId, state, maxAttempts: 8, createdAt: ago(seconds), nextAttemptAt: ago(seconds - 60) },
      });
    await addDelivery(active, 'pending', 300);
    await addDelivery(disabled, 'pending', 900);
    await addDelivery(active, 'failed', 100);

    await db.worker.create({ data: { id: newId('wrk'), lockKey: 1, host: 'worker.internal', sweepMs: 120 } });
    await db.worker.create({ data: { id: newId('wrk'), lockKey: 2, host: 'dead.internal', beatAt: ago(20), sweepMs: 9_000 } });
    for (const [id, skewMs, seconds] of [
      ['wrk_1', 800, 1],
      ['wrk_2', -4_000, 1],
      ['wrk_gone', 90_000, 60],
    ] as const)
      await db.processClock.create({ data: { id, kind: 'worker', skewMs, measuredAt: ago(seconds) } });
    const check = { checkedAt: ago(500), walkedAt: ago(500), throughSeq: 1, records: 1, unchained: 0 };
    await db.auditCheck.create({ data: { organizationId, ...check, findings: [] } });
    await db.$transaction((tx) => recordAudit(tx, waiting.context, { action: 'project.updated' }));
    await db.auditCheck.create({ data: { organizationId: waiting.context.organizationId, ...check, findings: [{ kind: 'altered' }] } });
    await db.$transaction((tx) => recordAudit(tx, late.context, { action: 'project.updated' }));

    const numbers = await readMetrics();
    expect(Object.fromEntries(Object.entries(numbers).filter(([name, value]) => value !== 0 && !name.includes('_seconds')))).toEqual({
      'rekey_rotations_live{state="needs_attention"}': 1,
      'rekey_rotations_ended_last_hour{kind="rotate",outcome="completed"}': 1,
      'rekey_rotations_ended_last_hour{kind="retire",outcome="failed"}': 1,
      'rekey_logins{state="ready"}': 3,
      'rekey_logins{state="needs_attention"}': 1,
      rekey_credentials_retirement_overdue: 1,
      'rekey_integration_targets{state="failed"}': 1,
      'rekey_integration_targets{state="in_sync"}': 1,
      'rekey_jobs{type="project.rotate_credentials",state="running"}': 1,
      'rekey_jobs{type="integration.sync_env",state="queued"}': 1,
      rekey_deliveries_pending: 1,
      rekey_deliveries_failed_last_hour: 1,
      rekey_workers_alive: 1,
      'rekey_audit_chains{state="whole"}': 1,
      'rekey_audit_chains{state="broken"}': 1,
      'rekey_audit_chains{state="unchecked"}': 1,
    });
    const about = (seconds: number) => expect.toSatisfy((value: number) => value >= seconds - 1 && value < seconds + 60);
    expect(numbers).toMatchObject({
      rekey_rotation_oldest_live_age_seconds: about(600),
      rekey_job_oldest_queued_age_seconds: about(120),
      rekey_delivery_oldest_pending_age_seconds: about(300),
      rekey_delivery_overdue_seconds: about(240),
      rekey_audit_verification_age_seconds: about(500),
      rekey_sweep_duration_seconds: 0.12,
      'rekey_clock_skew_seconds{kind="worker"}': -4,
    });
    const [took, wrong] = ['rekey_rotation_duration', 'rekey_stored_url_wrong'].map((name) =>
      ['0.5', '0.95', '1'].map((quantile) => numbers[`${name}_last_hour_seconds{quantile="${quantile}"}`] ?? 0),
    );
    // One rotation: its own time at each quantile; the stored URL was wrong for a part of it, and for no less than a login.
    expect(new Set(took).size).toBe(1);
    expect(wrong?.[1]).toBeGreaterThan(0.001);
    expect(wrong?.[1]).toBeLessThan(took?.[1] ?? 0);
    const documented = new Set(
      readFileSync('docs/metrics.md', 'utf8')
        .match(/^\| `\w+/gm)
        ?.map((cell) => cell.slice(3)),
    );
    expect(documented).toEqual(new Set(Object.keys(numbers).map((name) => name.replace(/\{.*/, ''))));
    expect((await scrape()).body).not.toMatch(/role_|internal|secret|their shop|127\.0\.0\.1|org_|Example/i);
  });

  it('say of how many a crash has hidden for how long the stored URL was wrong', async () => {
    await db.rotationStep.updateMany({ where: { kind: 'promoted' }, data: { durationMs: null } });
    const numbers = await readMetrics();
    expect(numbers.rekey_stored_url_wrong_unmeasured_last_hour).toBe(1);
    expect(Object.keys(numbers).filter((name) => name.startsWith('rekey_stored_url_wrong_last_hour'))).toEqual([]);
  });
});
