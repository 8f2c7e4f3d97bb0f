// For everything that workers claim: an attempt whose result cannot be written is counted and waited for; and one stands still at its call to the outside, another one takes over and finishes, and
// what the first one found is written nowhere when it wakes.
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { publishCheckpoints } from '#lib/audit/publish-checkpoints.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { verifyAuditTrail, verifyDueChain } from '#lib/audit/verify.ts';
import { runCampaign } from '#lib/campaigns/run-campaign.ts';
import { startCampaign } from '#lib/campaigns/start-campaign.ts';
import { runDailyCheck } from '#lib/checks/daily-check.ts';
import { requestVerification } from '#lib/checks/request-verification.ts';
import { verifyConnection } from '#lib/checks/verify-connection.ts';
import { startCampaignBody } from '#lib/contract/campaign.ts';
import { createPolicyBody } from '#lib/contract/policy.ts';
import { rewrap } from '#lib/crypto/envelope.ts';
import type { KeyRing } from '#lib/crypto/key-encryption-key.ts';
import { runDeparture } from '#lib/departures/run-departure.ts';
import { requestDeployment } from '#lib/deployments/deployments.ts';
import { runDeployment } from '#lib/deployments/run-deployment.ts';
import { requestKeyRotation } from '#lib/encryption/request-key-rotation.ts';
import { rotateKeys } from '#lib/encryption/rotate-keys.ts';
import { runImport } from '#lib/imports/run-import.ts';
import { startImport } from '#lib/imports/start-import.ts';
import { checkDrift } from '#lib/integrations/check-drift.ts';
import { queueRedeployment } from '#lib/integrations/queue-work.ts';
import { redeploy } from '#lib/integrations/redeploy.ts';
import { syncIntegration } from '#lib/integrations/sync-integration.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { type Failpoint, holdAt } from '#lib/kernel/failpoint.ts';
import { newId } from '#lib/kernel/ids.ts';
import { credentialContext } from '#lib/logins/sealing.ts';
import { formMails } from '#lib/notifications/form-mails.ts';
import { sendDueMails } from '#lib/notifications/send-due-mails.ts';
import { recordEvent } from '#lib/outbox/record-event.ts';
import { createPolicy } from '#lib/policies/create-policy.ts';
import { setProjectPolicy } from '#lib/policies/project-policy.ts';
import { requestRun } from '#lib/policies/request-run.ts';
import { advanceRotation } from '#lib/rotation/advance.ts';
import { rescanSessions } from '#lib/rotation/sessions/rescan-sessions.ts';
import { hookColumns } from '#lib/sites/hook-secret.ts';
import { createWebhookEndpoint } from '#lib/webhooks/create-webhook-endpoint.ts';
import { Deliverer } from '#lib/webhooks/deliverer.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { readTables } from '#scripts/testing/canary.ts';
import { request, rotate } from '#scripts/testing/drive-rotation.ts';
import { attemptSync, connect, readIntegration } from '#scripts/testing/drive-sync.ts';
import { type Receiver, startReceiver } from '#scripts/testing/receiver.ts';
import { randomKey, ringOf } from '#scripts/testing/sealed-rows.ts';
import { CLAIM_KINDS, type ClaimKind } from './claim.ts';

const fakes = await vi.hoisted(async () => (await import('#scripts/testing/provider-fakes.ts')).startProviderFakes());
const mailServer = await vi.hoisted(async () => {
  const started = await (await import('#scripts/testing/mail-server.ts')).startMailServer();
  Object.assign(process.env, { REKEY_SMTP_URL: started.url, REKEY_MAIL_FROM: 'Rekey <rekey@example.com>' });
  return started;
});

interface Work {
  /** Where the first worker stands still: between its call to the outside and its write. */
  at: Failpoint;
  run: (workerId: string) => Promise<unknown>;
  /** What happens while it does, so that the second one finds something else. */
  meanwhile?: () => unknown;
  /** Tables that the first one may write to when it wakes: what it put at a provider is older than what the second one put, and is brought anew. */
  repairs?: string[];
}

let server: TestTarget;
let receiver: Receiver;
beforeAll(async () => {
  [server, receiver] = await Promise.all([startTarget(), startReceiver()]);
});
afterAll(() => Promise.all([server.stop(), receiver.stop(), fakes.stop(), mailServer.stop()]));

let adopted: Adopted;
let organizationId: string;
let role: string;
beforeEach(async () => {
  role = newId('usr').toLowerCase();
  adopted = await adopt({ target: server.target, login: await server.createLogin(role) });
  organizationId = adopted.context.organizationId;
});

const changeElsewhere = () => server.sql(`ALTER ROLE ${role} PASSWORD 'changed-elsewhere'`);
const act = () => db.$transaction((tx) => recordAudit(tx, systemContext(organizationId), { action: 'project.updated' }));
const subscribe = (type: string) => createWebhookEndpoint(systemContext(organizationId), { url: receiver.url, event_types: [type] });

const WORK: Record<ClaimKind, () => Promise<Work>> = {
  'rotation.advance': async () => {
    const id = await request(adopted);
    return { at: 'stage.checked', run: (worker) => advanceRotation(id, worker) };
  },
  'sessions.rescan': async () => {
    const { id } = await rotate(adopted, { close_sessions: true });
    await db.rotation.update({ where: { id }, data: { rescanAt: new Date(0) } });
    return { at: 'rescan.done', run: (worker) => rescanSessions(id, worker) };
  },
  'connection.verify': async () => {
    const { jobId } = await requestVerification(adopted.context, adopted.projectId);
    return { at: 'check.done', run: (worker) => verifyConnection(jobId, worker), meanwhile: changeElsewhere };
  },
  'connection.check': async () => {
    return { at: 'look.done', run: (worker) => runDailyCheck(adopted.databaseId, worker), meanwhile: changeElsewhere };
  },
  'integration.sync': async () => {
    const { integrationId } = await connect(adopted, fakes, 'vercel', { targets: ['development'] });
    const [sync] = (await readIntegration(integrationId)).syncs;
    return { at: 'sync.compared', run: (worker) => syncIntegration(sync?.id ?? '', worker), repairs: ['syncs', 'jobs', 'integration_targets'] };
  },
  'integration.redeploy': async () => {
    const connected = await connect(adopted, fakes, 'vercel', { targets: ['development'], redeploy: 'manual' });
    const { organizationId: ofIntegration, provider, id } = await readIntegration(connected.integrationId);
    const asked = { version: 1, requestedBy: 'test' };
    const { redeploymentId } = await db.$transaction((tx) => queueRedeployment(tx, { id, organizationId: ofIntegration, provider }, asked));
    return { at: 'redeploy.asked', run: (worker) => redeploy(redeploymentId, worker) };
  },
  'integration.check': async () => {
    const connected = await connect(adopted, fakes, 'vercel', { targets: ['development'] });
    await attemptSync(connected);
    return {
      at: 'drift.compared',
      run: (worker) => checkDrift(connected.integrationId, worker),
      meanwhile: () => fakes.vercel.hold(connected.externalId, ['development'], 'DATABASE_URL', 'theirs'),
    };
  },
  'deployment.run': async () => {
    const site = await db.site.create({ data: { id: newId('sit'), organizationId, partnerCustomerId: 'c', projectId: adopted.projectId } });
    const key = { id: newId('env'), organizationId, hookSecretVersion: 0 };
    const { columns } = await hookColumns(key, receiver.url);
    await db.siteEnvironment.create({ data: { ...key, siteId: site.id, name: 'production', ...columns } });
    const { id } = await requestDeployment(adopted.context, { environmentId: key.id }, {});
    return { at: 'deployment.proven', run: (worker) => runDeployment(id, worker) };
  },
  'departure.run': async () => {
    const id = newId('dep');
    await db.departure.create({ data: { id, organizationId, userId: 'usr_gone', email: 'gone@example.com', removedBy: 'test', requestedBy: 'test' } });
    // What they had seen counts no more.
    await db.departureCredential.create({ data: { organizationId, departureId: id, databaseId: adopted.databaseId, versions: [7], requestedAt: new Date() } });
    return { at: 'departure.loaded', run: (worker) => runDeparture(id, worker) };
  },
  'policy.run': async () => {
    const { id } = await createPolicy(adopted.context, { ...createPolicyBody.parse({ name: role, max_age_days: 30 }) });
    await setProjectPolicy(adopted.context, adopted.projectId, { policy_id: id });
    await db.$executeRaw`UPDATE databases SET next_run_at = now() WHERE id = ${adopted.databaseId}`;
    return { at: 'policy.loaded', run: (worker) => requestRun(adopted.databaseId, worker) };
  },
  'campaign.run': async () => {
    const { id } = await startCampaign(adopted.context, startCampaignBody.parse({ name: role, project_ids: [adopted.projectId] }));
    return { at: 'campaign.loaded', run: (worker) => runCampaign(id, worker) };
  },
  'import.run': async () => {
    const { user, password } = await server.createLogin(`${role}_imported`);
    const content = `name,url\nimported,postgresql://${user}:${password.reveal()}@${server.target.direct.host}:${server.target.direct.port}/${server.target.direct.database}`;
    const { id } = await startImport(adopted.context, { format: 'csv', content });
    return { at: 'import.tried', run: (worker) => runImport(id, worker) };
  },
  'webhook.deliver': async () => {
    // Of another test.
    await db.delivery.deleteMany();
    await subscribe('job.failed');
    await db.$transaction((tx) => recordEvent(tx, { organizationId, projectId: adopted.projectId, type: 'job.failed', data: {} }));
    const run = async (worker: string) => {
      const deliverer = new Deliverer(worker);
      deliverer.wake();
      await deliverer.drain();
    };
    return { at: 'deliver.sent', run };
  },
  'mail.send': async () => {
    await db.mail.deleteMany();
    const user = await db.user.create({ data: { id: newId('usr'), email: `${role}@example.com`, passwordHash: '' } });
    await db.member.create({ data: { organizationId, userId: user.id, role: 'owner' } });
    await db.$transaction((tx) => recordEvent(tx, { organizationId, projectId: adopted.projectId, type: 'policy.missed', data: {} }));
    await db.notice.updateMany({ data: { notBefore: new Date(0) } });
    await formMails();
    return { at: 'mail.sent', run: sendDueMails };
  },
  'audit.verify': async () => {
    await act();
    return { at: 'audit.read', run: (worker) => verifyDueChain(organizationId, worker), meanwhile: act };
  },
  'audit.publish': async () => {
    await subscribe('audit.checkpoint');
    await verifyAuditTrail(organizationId);
    const run = async (worker: string) => {
      // Checkpoints of the other tests are not this one's.
      await db.auditCheck.deleteMany({ where: { organizationId: { not: organizationId } } });
      await publishCheckpoints(worker);
    };
    return { at: 'checkpoint.loaded', run };
  },
  'encryption.rewrap': async () => {
    await db.keyRotation.deleteMany();
    const ring = ringOf(process.env.REKEY_ENCRYPTION_KEY ?? '', randomKey());
    // One value is still wrapped with the earlier key.
    const [current, earlier] = ring.keys as [KeyRing['current'], KeyRing['current']];
    const { id: credentialId, sealed, version } = await db.credential.findFirstOrThrow({ where: { databaseId: adopted.databaseId } });
    const context = credentialContext({ id: credentialId, organizationId, version });
    await db.credential.update({
      where: { id: credentialId },
      data: { sealed: await rewrap(sealed, context, { ...ring, current: earlier, keys: [earlier, current] }) },
    });
    const { id } = await requestKeyRotation(systemContext(organizationId), ring);
    return { at: 'rewrap.wrapped', run: (worker) => rotateKeys(id, worker, ring) };
  },
};

/** Every table of ours, as text, by name. */
async function readStore(): Promise<Record<string, string>> {
  const tables = await readTables(process.env.DATABASE_URL ?? '');
  return Object.fromEntries(tables.map(({ name, text }) => [name.replace('table public.', ''), text] as const).filter(([name]) => !name.includes('pgboss')));
}

const CLAIMED = [...new Map(Object.values(CLAIM_KINDS).map((one) => [one.table, one])).values()];

/** As if the leases of all claims were over, and the waits of attempts that were interrupted. */
const passTime = async (): Promise<void> => {
  for (const { table } of CLAIMED)
    await db.$executeRawUnsafe(`UPDATE ${table} SET lease_until = now() - interval '1 s', next_attempt_at = now() WHERE claimed_by IS NOT NULL`);
};

/** The claims that were taken and brought nothing, the latest last. */
async function brokenOff(): Promise<{ attempts: number; waitMs: number }[]> {
  const rows = await Promise.all(
    CLAIMED.map(({ table, isLive }) =>
      db.$queryRawUnsafe<{ attempts: number; waitMs: number }[]>(
        `SELECT attempts, extract(epoch FROM next_attempt_at - now())::float8 * 1000 AS "waitMs" FROM ${table} WHERE ${isLive} AND next_attempt_at > now() AND attempts > 0`,
      ),
    ),
  );
  return rows.flat();
}

describe('work whose result cannot be written', () => {
  beforeEach(() => Promise.all(CLAIMED.map(({ table }) => db.$executeRawUnsafe(`UPDATE ${table} SET next_attempt_at = now() - interval '1 second'`))));

  it.each(Object.keys(WORK) as ClaimKind[])('%s: is counted by the claim, and begun again only after growing waits', { timeout: 60_000 }, async (kind) => {
    const { at, run } = await WORK[kind]();
    const breakOff = async (worker: string) => {
      const held = holdAt(at);
      const attempt = run(worker);
      const ended = attempt.then(
        () => 'ended',
        () => 'ended',
      );
      const came = await Promise.race([held.reached.then(() => 'reached'), ended]);
      held.fail(new Error('the store refused the write'));
      await ended;
      return came;
    };
    expect(await breakOff('wrk_1')).toBe('reached');
    expect(await brokenOff()).toMatchObject([{ attempts: 1 }]);
    // Nobody calls the outside again before the wait is over.
    expect(await breakOff('wrk_2')).toBe('ended');
    const waits = [];
    for (const worker of ['wrk_3', 'wrk_4']) {
      await Promise.all(
        CLAIMED.map(({ table }) => db.$executeRawUnsafe(`UPDATE ${table} SET next_attempt_at = now() - interval '1 second' WHERE attempts > 0`)),
      );
      expect(await breakOff(worker)).toBe('reached');
      waits.push((await brokenOff())[0]);
    }
    expect(waits.map((one) => one?.attempts)).toEqual([2, 3]);
    expect(waits[0]?.waitMs).toBeGreaterThan(1_000);
    expect(waits[1]?.waitMs).toBeGreaterThan(2_000);
  });
});

it.each(Object.keys(WORK) as ClaimKind[])('%s: a worker that wakes after another one has finished writes nothing', { timeout: 60_000 }, async (kind) => {
  const { at, run, meanwhile, repairs = [] } = await WORK[kind]();
  const held = holdAt(at);
  const sleeper = run('wrk_first');
  await Promise.race([held.reached, sleeper.then(() => Promise.reject(new Error(`never came to ${at}`)))]);
  await passTime();
  await meanwhile?.();
  const before = await readStore();
  await run('wrk_second');
  const after = await readStore();
  expect(after).not.toEqual(before);
  held.letGo();
  await sleeper;
  const spared = Object.fromEntries(repairs.map((table) => [table, after[table]]));
  expect({ ...(await readStore()), ...spared }).toEqual(after);
});
