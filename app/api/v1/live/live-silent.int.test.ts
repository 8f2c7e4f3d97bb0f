// A connection to the store that has died without a word, as behind a firewall that forgot it: the relay swallows every
// answer and closes nothing.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { env } from '#lib/kernel/env.ts';
import { startTcpProxy, type TcpProxy } from '#scripts/servers/tcp-proxy.ts';
import { makeOrganization, memberHeaders } from '#scripts/testing/call-api.ts';
import { openLive } from '#scripts/testing/open-live.ts';

let relay: TcpProxy;
beforeAll(async () => {
  const { hostname, port } = new URL(env.DATABASE_URL);
  relay = await startTcpProxy({ host: hostname, port: Number(port) });
  // Only what listens goes through it: the pool is connected already.
  await db.$queryRaw`SELECT 1`;
  Object.assign(env, { DATABASE_URL: Object.assign(new URL(env.DATABASE_URL), { port: String(relay.port) }).href });
});
afterAll(() => relay.stop());

it('stops beating and ends when nothing is heard of the store any more, and is live again once it is', async () => {
  const organizationId = await makeOrganization();
  const headers = await memberHeaders(organizationId, 'viewer');
  const stream = await openLive(headers);
  const beats = (text: string) => text.split('event: beat').length - 1;
  await stream.readUntil((text) => beats(text) === 3);
  relay.swallow(true);
  const before = Date.now();
  // Resolves only when the stream ends. Until then each beat would tell the page that it is live.
  const silent = await stream.readUntil(() => false);
  expect(beats(silent)).toBeLessThanOrEqual(4);
  expect(Date.now() - before).toBeLessThan(15_000);

  expect((await openLive(headers)).response.status).toBeGreaterThanOrEqual(500);
  relay.cut();
  relay.swallow(false);
  const again = await openLive(headers);
  await again.readUntil((text) => beats(text) === 2);
  await db.$transaction((tx) => recordAudit(tx, systemContext(organizationId), { action: 'project.updated' }));
  expect(await again.readUntil((text) => text.includes('"audit"'))).toContain('"kind":"audit"');
  await again.close();
});
