import { expect, it, vi } from 'vitest';
import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { makeOrganization } from '#scripts/testing/call-api.ts';
import { loadChain, openChain } from './chain-key.ts';
import { type AuditRow, hmacOf, isGenuine, recordOf } from './record.ts';
import { type AuditEntry, recordAudit } from './record-audit.ts';
import { verifyAuditTrail } from './verify.ts';

const act = (organizationId: string, entry: Partial<AuditEntry> = {}) =>
  db.$transaction((tx) => recordAudit(tx, systemContext(organizationId), { action: 'project.updated', ...entry }));

async function chainOf(organizationId: string) {
  const rows = await db.$queryRaw<AuditRow[]>`SELECT * FROM audit_events WHERE organization_id = ${organizationId} ORDER BY seq`;
  return rows.map(recordOf);
}

it('100 who write at once keep one unbroken chain, and so does another organization beside it', async () => {
  const organizations = [await makeOrganization(), await makeOrganization()];
  await Promise.all(Array.from({ length: 200 }, (_, n) => act(organizations[n % 2] ?? '', { metadata: { n, half: n / 2, note: 'naïve “quote” \\ \n 🔑' } })));
  for (const organizationId of organizations) {
    const chain = await chainOf(organizationId);
    const { mac } = await openChain(db, organizationId);
    expect(chain.map(({ seq }) => seq)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
    expect(chain.map(({ previous_hmac }) => previous_hmac)).toEqual(['', ...chain.slice(0, -1).map(({ hmac }) => hmac)]);
    expect(chain.every((record) => isGenuine(record, mac))).toBe(true);
    const times = chain.map(({ created_at }) => created_at);
    expect(times).toEqual(times.toSorted());
  }
}, 180_000);

it('a record that cannot be written keeps the act from happening, and leaves no gap', async () => {
  const organizationId = await makeOrganization();
  const rename = (name: string, metadata = {}) =>
    db.$transaction(async (tx) => {
      await tx.organization.update({ where: { id: organizationId }, data: { name } });
      await recordAudit(tx, systemContext(organizationId), { action: 'project.updated', metadata });
    });
  // PostgreSQL's JSON cannot hold NUL.
  await expect(rename('first', { bad: '\0' })).rejects.toThrow();
  expect(await db.organization.findUniqueOrThrow({ where: { id: organizationId } })).toMatchObject({ name: 'Example Co' });
  // The key created in the rolled-back transaction is not reused.
  await rename('second');
  vi.resetModules();
  const { openChain: afresh } = await import('./chain-key.ts');
  const [record] = await chainOf(organizationId);
  expect(record).toMatchObject({ seq: 1, previous_hmac: '' });
  expect(record && isGenuine(record, (await afresh(db, organizationId)).mac)).toBe(true);
});

it('the store refuses what is not the next record, and every change, also to its owner', async () => {
  const organizationId = await makeOrganization();
  await act(organizationId);
  const copy = (seq: number, hmac: string) =>
    db.$executeRawUnsafe(
      `INSERT INTO audit_events SELECT (jsonb_populate_record(e, jsonb_build_object('id', 'aud_${seq}${hmac}', 'seq', ${seq}, 'previous_hmac', ${hmac}))).* FROM audit_events e WHERE organization_id = '${organizationId}'`,
    );
  await expect(copy(3, 'hmac')).rejects.toThrow('not the next record');
  await expect(copy(2, "''")).rejects.toThrow('not the next record');
  for (const sql of ['UPDATE audit_events SET action = action', 'DELETE FROM audit_events', 'TRUNCATE audit_events', 'DELETE FROM audit_checkpoints'])
    await expect(db.$executeRawUnsafe(sql)).rejects.toThrow('append-only');
  expect(await copy(2, 'hmac')).toBe(1);
});

it('moves the head only with a record that stands', async () => {
  const organizationId = await makeOrganization();
  await act(organizationId);
  const head = () => db.auditHead.findUnique({ where: { organizationId } });
  const before = await head();
  const next = `SELECT (jsonb_populate_record(e, jsonb_build_object('seq', 2, 'previous_hmac', hmac, 'hmac', 'ab'))).* FROM audit_events e WHERE organization_id = '${organizationId}'`;
  // The id already exists, so nothing is inserted; another table is not the log.
  await db.$executeRawUnsafe(`INSERT INTO audit_events ${next} ON CONFLICT (id) DO NOTHING`);
  expect(await head()).toEqual(before);
  for (const timing of ['BEFORE', 'AFTER'])
    await expect(
      db.$transaction(async (tx) => {
        await tx.$executeRawUnsafe(`CREATE TEMPORARY TABLE elsewhere (LIKE audit_events) ON COMMIT DROP`);
        await tx.$executeRawUnsafe(`CREATE TRIGGER moves ${timing} INSERT ON elsewhere FOR EACH ROW EXECUTE FUNCTION rekey_append_audit_event()`);
        await tx.$executeRawUnsafe(`INSERT INTO elsewhere ${next}`);
      }),
    ).rejects.toThrow('belongs to the table audit_events');
  expect(await head()).toEqual(before);
});

it('seals the end of a chain that an earlier version goes on writing', async () => {
  const organizationId = await makeOrganization();
  await act(organizationId);
  const first = await db.auditHead.findUniqueOrThrow({ where: { organizationId } });
  expect(first).toMatchObject({ seq: 1, sealedSeq: 1, seal: expect.stringMatching(/^[0-9a-f]{64}$/) });
  const { mac } = (await loadChain(organizationId)) as Exclude<Awaited<ReturnType<typeof loadChain>>, string>;
  const [record] = await chainOf(organizationId);
  const content = { ...(record as NonNullable<typeof record>), id: newId('aud'), seq: 2, previous_hmac: first.hmac };
  const next = { ...content, hmac: hmacOf(content, mac) };
  await db.$executeRaw`INSERT INTO audit_events SELECT * FROM jsonb_populate_record(NULL::audit_events, ${JSON.stringify(next)}::jsonb)`;
  expect(await db.auditHead.findUniqueOrThrow({ where: { organizationId } })).toMatchObject({ seq: 2, sealedSeq: 1, seal: first.seal });
  expect(await verifyAuditTrail(organizationId)).toMatchObject({ is_whole: true, through_seq: 2 });
  await act(organizationId);
  expect(await db.auditHead.findUniqueOrThrow({ where: { organizationId } })).toMatchObject({ seq: 3, sealedSeq: 3 });
});

it('a chain that has begun gets no second secret', async () => {
  const organizationId = await makeOrganization();
  await act(organizationId);
  await db.auditKey.delete({ where: { organizationId } });
  vi.resetModules();
  const { openChain: afresh } = await import('./chain-key.ts');
  await expect(db.$transaction((tx) => afresh(tx, organizationId))).rejects.toThrow('gone');
});
