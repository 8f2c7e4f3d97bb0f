import { expect, it, vi } from 'vitest';
import { systemContext } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { makeOrganization } from '#scripts/testing/call-api.ts';
import { chainKeys } from './chain-key.ts';
import { type AuditRow, isGenuine, recordOf } from './record.ts';
import { type AuditEntry, recordAudit } from './record-audit.ts';

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
    const { mac } = await chainKeys(db, organizationId);
    expect(chain.map(({ seq }) => seq)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
    expect(chain.map(({ previous_hmac }) => previous_hmac)).toEqual(['', ...chain.slice(0, -1).map(({ hmac }) => hmac)]);
    expect(chain.every((record) => isGenuine(record, mac))).toBe(true);
    const times = chain.map(({ created_at }) => created_at);
    expect(times).toEqual(times.toSorted());
  }
}, 60_000);

it('a record that cannot be written keeps the act from happening, and leaves no gap', async () => {
  const organizationId = await makeOrganization();
  const rename = (name: string, metadata = {}) =>
    db.$transaction(async (tx) => {
      await tx.organization.update({ where: { id: organizationId }, data: { name } });
      await recordAudit(tx, systemContext(organizationId), { action: 'project.updated', metadata });
    });
  // NUL has no place in PostgreSQL's JSON.
  await expect(rename('first', { bad: '\0' })).rejects.toThrow();
  expect(await db.organization.findUniqueOrThrow({ where: { id: organizationId } })).toMatchObject({ name: 'Example Co' });
  // The key made in the transaction that came to nothing is not used again.
  await rename('second');
  vi.resetModules();
  const { chainKeys: afresh } = await import('./chain-key.ts');
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

it('a chain that has begun gets no second secret', async () => {
  const organizationId = await makeOrganization();
  await act(organizationId);
  await db.auditKey.delete({ where: { organizationId } });
  vi.resetModules();
  const { chainKeys: afresh } = await import('./chain-key.ts');
  await expect(db.$transaction((tx) => afresh(tx, organizationId))).rejects.toThrow('gone');
});
