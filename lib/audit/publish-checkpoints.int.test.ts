import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { makeOrganization } from '#scripts/testing/call-api.ts';

let organizationId: string;
let file: string;

beforeEach(async () => {
  organizationId = await makeOrganization();
  file = join(mkdtempSync(join(tmpdir(), 'rekey-checkpoints-')), 'checkpoints.jsonl');
  await db.webhookEndpoint.create({
    data: { id: newId('whe'), organizationId, url: 'https://example.com', receiver: 'example.com', eventTypes: ['audit.checkpoint'], secretSealed: 'none' },
  });
});
afterEach(() => vi.unstubAllEnvs());

/** The verbs as a process has them that was started with the file. */
async function asConfigured() {
  vi.stubEnv('REKEY_AUDIT_CHECKPOINT_FILE', file);
  vi.resetModules();
  const [{ recordAudit }, { verifyAuditTrail }, { publishCheckpoints }, { sealSegment }] = await Promise.all([
    import('./record-audit.ts'),
    import('./verify.ts'),
    import('./publish-checkpoints.ts'),
    import('./seal-segment.ts'),
  ]);
  const act = () => db.$transaction((tx) => recordAudit(tx, systemContext(organizationId), { action: 'project.updated' }));
  return {
    act,
    verify: () => verifyAuditTrail(organizationId),
    publish: (now?: Date) => publishCheckpoints('wrk_test', now),
    seal: (before: Date) => sealSegment(systemContext(organizationId), before),
  };
}

const ownLines = () =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .filter((line) => line.includes(organizationId))
    .map((line) => JSON.parse(line));
const events = () => db.event.findMany({ where: { organizationId, type: 'audit.checkpoint' }, include: { deliveries: true }, orderBy: { createdAt: 'asc' } });

it('brings the newest checkpoint to the file and to the webhooks, once a day', async () => {
  const { act, verify, publish } = await asConfigured();
  await act();
  await verify();
  await publish();
  await publish();
  expect(ownLines()).toMatchObject([{ number: 1, seq: 1, signature: expect.any(String) }]);
  expect(await events()).toMatchObject([{ data: { number: 1, seq: 1, organization_id: organizationId }, deliveries: [{}] }]);
  await act();
  await verify();
  await publish();
  expect(ownLines()).toHaveLength(1);
  // A day later.
  await db.auditCheck.update({ where: { organizationId }, data: { toldAt: new Date(Date.now() - 90_000_000) } });
  await publish(new Date(Date.now() + 90_000_000));
  expect(ownLines()).toMatchObject([{ number: 1 }, { number: 2, seq: 2 }]);
  expect(await events()).toHaveLength(2);
  expect(await verify()).toMatchObject({ is_whole: true, elsewhere_seq: 2 });
});

it('writes a seal to the file at once, after a line that a crash has cut short', async () => {
  writeFileSync(file, '{"organization_id": "org_');
  const { act, seal } = await asConfigured();
  await act();
  await act();
  const made = await seal(new Date(Date.now() + 60_000));
  expect(ownLines()).toEqual([made]);
});

it('brings nothing off a broken log', async () => {
  const { act, verify, publish } = await asConfigured();
  await act();
  await db.auditHead.update({ where: { organizationId }, data: { seal: '' } });
  expect(await verify()).toMatchObject({ is_whole: false });
  await publish();
  expect(await events()).toEqual([]);
});
