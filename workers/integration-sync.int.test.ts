// Real worker processes, a real server and its pooler, providers judged by their own API documents, real receivers.
import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { Secret } from '#lib/crypto/secret.ts';
import { updateIntegration } from '#lib/integrations/update-integration.ts';
import { db } from '#lib/kernel/db.ts';
import { viewConnections } from '#lib/logins/view-connections.ts';
import { updateProject } from '#lib/projects/update-project.ts';
import { requestRotation } from '#lib/rotation/request/request-rotation.ts';
import { createWebhookEndpoint } from '#lib/webhooks/create-webhook-endpoint.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { findSecrets, readTables } from '#scripts/testing/canary.ts';
import { type Connected, connect, readIntegration } from '#scripts/testing/drive-sync.ts';
import { type Receiver, startReceiver } from '#scripts/testing/receiver.ts';
import { runWorker } from '#scripts/testing/run-worker.ts';

const fakes = await vi.hoisted(async () => (await import('#scripts/testing/provider-fakes.ts')).startProviderFakes());
let server: TestTarget;
beforeAll(async () => {
  server = await startTarget({ pooler: 'auth_query' });
});
afterAll(() => Promise.all([fakes.stop(), server.stop()]));
beforeEach(() => fakes.vercel.recover());

/** A worker that ends with the test, whatever becomes of that. */
function startWorker(more: Record<string, string> = {}): void {
  const worker = runWorker({ REKEY_LOG_LEVEL: 'info', ...fakes.env, ...more });
  onTestFinished(async () => {
    process.kill(worker.pid, 'SIGKILL');
    await worker.exited;
  });
}

const finished = async (all: Connected[]) => {
  const rows = await Promise.all(all.map(({ integrationId }) => readIntegration(integrationId)));
  return rows.every(({ syncs }) => syncs.every(({ finishedAt }) => finishedAt !== null));
};

/** What a receiver was told, once each, by type. */
const toldOf = ({ received }: Receiver) => received.map(({ body }) => JSON.parse(body) as { type?: string; event?: string });

/** As the sites dialect documents it: the hex HMAC-SHA256 of "<t>.<raw body>". */
function verifyVector(secret: string, header: string, body: string): boolean {
  const { t, v1 } = Object.fromEntries(header.split(',').map((part) => part.split('='))) as { t: string; v1: string };
  return createHmac('sha256', secret).update(`${t}.${body}`).digest('hex') === v1;
}

it('a rotation ends with the new URLs at every provider, and every webhook endpoint told', { timeout: 180_000 }, async () => {
  const adopted = await adopt({ target: server.target, login: await server.createLogin('everybody') });
  const { context, projectId } = adopted;
  const before = await viewConnections(context, projectId);
  const [standard, vector] = await Promise.all([startReceiver(), startReceiver()]);
  onTestFinished(() => Promise.all([standard.stop(), vector.stop()]).then(() => undefined));
  const secrets = {
    standard: (await createWebhookEndpoint(context, { url: standard.url, dialect: 'standard', event_types: ['credentials.*', 'integration.*', 'job.*'] }))
      .plaintext_secret!,
    vector: (await createWebhookEndpoint(context, { url: vector.url, dialect: 'vector', event_types: ['credentials.*', 'integration.*', 'job.*'] }))
      .plaintext_secret!,
  };
  const everywhere = [
    await connect(adopted, fakes, 'vercel', { targets: ['production', 'preview', 'development'], redeploy: 'automatic' }),
    await connect(adopted, fakes, 'netlify', { preview_branches: true, redeploy: 'automatic' }),
    await connect(adopted, fakes, 'github', {}),
  ];
  const hook = new Secret(fakes.vercel.hookUrl(everywhere[0]!.externalId));
  await updateIntegration(context, projectId, 'vercel', { deploy_hook_url: hook.reveal() });
  startWorker();
  await expect.poll(() => finished(everywhere), { timeout: 60_000 }).toBe(true);

  await requestRotation(context, projectId, {});
  const versions = () => db.integrationTarget.findMany({ where: { integration: { projectId } }, select: { version: true } });
  await expect.poll(async () => (await versions()).map(({ version }) => version), { timeout: 60_000 }).toEqual([2, 2, 2, 2, 2, 2, 2]);
  await expect.poll(() => finished(everywhere), { timeout: 60_000 }).toBe(true);

  const after = await viewConnections(context, projectId);
  expect(after.direct_url).not.toBe(before.direct_url);
  for (const { integrationId, provider, externalId } of everywhere) {
    const { targets, syncs } = await readIntegration(integrationId);
    for (const { target } of targets) {
      expect({ provider, target, held: fakes[provider].held(externalId, target) }).toEqual({
        provider,
        target,
        held: { DATABASE_URL: after.pooled_url, DATABASE_URL_UNPOOLED: after.direct_url },
      });
    }
    expect(syncs.map(({ job }) => job.state)).toEqual(['completed', 'completed']);
  }

  // Vercel and Netlify were asked for a deployment of each version, GitHub for none.
  const deployed = () =>
    everywhere.map(({ provider, externalId }) => fakes[provider].deployments.filter(({ place }) => place === externalId).map(({ by }) => by));
  await expect.poll(deployed, { timeout: 60_000 }).toEqual([['hook', 'hook'], ['api', 'api'], []]);
  expect(fakes.violations()).toEqual([]);

  // Three syncs on connecting, the rotation, and three syncs after it.
  const types = (word: string) => [...Array(6).fill(`integration.${word}`), ...Array(7).fill('job.completed'), 'credentials.rotated'].toSorted();
  await expect
    .poll(
      () =>
        toldOf(standard)
          .map(({ type }) => type)
          .toSorted(),
      { timeout: 60_000 },
    )
    .toEqual(types('synced'));
  await expect.poll(() => vector.received.length, { timeout: 60_000 }).toBe(14);
  for (const { body, headers } of standard.received)
    expect(new Webhook(secrets.standard).verify(body, headers as Record<string, string>)).toEqual(JSON.parse(body));
  for (const { body, headers } of vector.received) expect(verifyVector(secrets.vector, String(headers['x-vector-signature']), body)).toBe(true);

  const [old, present] = [before, after].map(({ direct_url: url }) => decodeURIComponent(new URL(url).password)) as [string, string];
  const [vercel, netlify, github] = everywhere.map(({ provider }) => fakes[provider].token) as [string, string, string];
  const told = { name: 'webhooks', text: [...standard.received, ...vector.received].map(({ body }) => body).join('\n') };
  expect(findSecrets({ old, present, vercel, netlify, github, hook: hook.reveal() }, [told, ...(await readTables(process.env.DATABASE_URL!))])).toEqual([]);
});

it('a password or an address that somebody gave Rekey is brought to the providers once it is proven', { timeout: 180_000 }, async () => {
  const adopted = await adopt({ target: server.target, login: await server.createLogin('mended') });
  const connected = await connect(adopted, fakes, 'github');
  const { organizationId } = adopted.context;
  const beside = await connect(await adopt({ target: server.target, login: await server.createLogin('beside'), organizationId }), fakes, 'netlify');
  startWorker();
  await expect.poll(() => finished([connected, beside]), { timeout: 60_000 }).toBe(true);
  await server.sql(`ALTER ROLE mended PASSWORD 'given-by-hand'`);
  const url = server.urlOf({ user: 'mended', password: new Secret('given-by-hand') });
  await updateProject(adopted.context, adopted.projectId, { connection_url: url });
  const held = () => fakes.github.held(connected.externalId, 'actions').DATABASE_URL_UNPOOLED ?? '';
  await expect.poll(() => new URL(held()).password, { timeout: 60_000 }).toBe('given-by-hand');
  await expect
    .poll(async () => (await readIntegration(connected.integrationId)).targets, { timeout: 60_000 })
    .toMatchObject([{ state: 'unverified', version: 2 }]);

  // The same password at another address: without the pooler.
  await updateProject(adopted.context, adopted.projectId, { pooled_connection_url: null });
  await expect.poll(() => fakes.github.held(connected.externalId, 'actions').DATABASE_URL, { timeout: 60_000 }).toBe(held());
  await expect
    .poll(async () => (await readIntegration(connected.integrationId)).targets, { timeout: 60_000 })
    .toMatchObject([{ state: 'unverified', version: 2 }]);
  // The pooler is a fact of the login: another one at the same address keeps its own.
  const { pooled_url } = await viewConnections(beside.context, beside.projectId);
  expect(pooled_url).toContain(`:${server.target.pooled?.port}/`);
  expect(fakes.netlify.held(beside.externalId, 'production').DATABASE_URL).toBe(pooled_url);
});

it('a provider that never answers keeps no other waiting', { timeout: 180_000 }, async () => {
  const first: Adopted = await adopt({ target: server.target, login: { user: 'lane_0', password: new Secret('p0') } });
  const { organizationId } = first.context;
  const others = Array.from({ length: 11 }, (_, i) =>
    adopt({ target: server.target, login: { user: `lane_${i + 1}`, password: new Secret('p') }, organizationId }),
  );
  const projects = [first, ...(await Promise.all(others))];
  const dead = await Promise.all(projects.map((project) => connect(project, fakes, 'vercel')));
  const alive = await Promise.all(projects.map((project) => connect(project, fakes, 'netlify')));
  const { length } = fakes.vercel.requests;
  fakes.vercel.fail({ kind: 'hang' }, Number.POSITIVE_INFINITY);
  startWorker({ REKEY_PROVIDER_TIMEOUT_MS: '600000' });
  await expect.poll(() => finished(alive), { timeout: 60_000 }).toBe(true);
  // Not one try at the dead one has come to its end meanwhile, and no more than a lane holds were begun.
  const waiting = await Promise.all(dead.map(({ integrationId }) => readIntegration(integrationId)));
  const syncs = waiting.flatMap((integration) => integration.syncs);
  expect(syncs.map(({ finishedAt }) => finishedAt)).toEqual(dead.map(() => null));
  expect(syncs.filter(({ attempts }) => attempts > 1)).toEqual([]);
  expect(fakes.vercel.requests.length - length).toBeGreaterThan(0);
  expect(fakes.vercel.requests.length - length).toBeLessThanOrEqual(8);
});
