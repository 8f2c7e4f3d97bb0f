import { createPublicKey, verify } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { canonicalJson } from '#lib/audit/canonical-json.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { removeSegment } from '#lib/audit/remove-segment.ts';
import { sealSegment } from '#lib/audit/seal-segment.ts';
import { findDueChains, verifyDueChain } from '#lib/audit/verify.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { call, keyHeaders, makeOrganization, memberHeaders } from '#scripts/testing/call-api.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { GET as getEvent } from './organizations/[organizationId]/audit-events/[eventId]/route.ts';
import { GET as getCheckpoints } from './organizations/[organizationId]/audit-events/checkpoints/route.ts';
import { GET as getExport } from './organizations/[organizationId]/audit-events/export/route.ts';
import { GET, POST } from './organizations/[organizationId]/audit-events/verification/route.ts';

let organizationId: string;
let headers: Record<string, string>;
beforeEach(async () => {
  organizationId = await makeOrganization();
  headers = await memberHeaders(organizationId, 'viewer');
  for (let n = 1; n <= 6; n++)
    await db.$transaction((tx) =>
      recordAudit(tx, systemContext(organizationId), { action: 'project.updated', reason: n === 2 ? '=1+1, "quoted"' : undefined, metadata: { n } }),
    );
});

/** What the owner of the tables may do who first takes the guards away. */
async function tamper(...statements: string[]): Promise<void> {
  const tables = ['audit_events', 'audit_checkpoints'];
  await db.$transaction(async (tx) => {
    for (const table of tables) await tx.$executeRawUnsafe(`ALTER TABLE ${table} DISABLE TRIGGER ALL`);
    for (const sql of statements) await tx.$executeRawUnsafe(sql.replaceAll('$org', `organization_id = '${organizationId}'`));
    for (const table of tables) await tx.$executeRawUnsafe(`ALTER TABLE ${table} ENABLE TRIGGER ALL`);
  });
}

const at = () => ({ headers, params: { organizationId } });
const verifyIt = async (body: object = {}) => (await call(POST, { ...at(), method: 'POST', body })).body.verification;
const readText = async (handler: typeof getExport, query = '') => {
  const response = await handler(new Request(`http://127.0.0.1:3000/x?${query}`, { headers }), { params: Promise.resolve({ organizationId }) });
  return { text: await response.text(), headers: response.headers };
};
const exportCheckpoints = async () =>
  (await readText(getCheckpoints)).text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('verification', () => {
  it('finds a whole chain whole, signs a checkpoint that anybody can check, and is on record', async () => {
    expect((await call(GET, at())).body.verification).toMatchObject({ checked_at: null, is_whole: null, records: 6, unchecked: 6 });
    expect(await verifyIt()).toMatchObject({
      is_whole: true,
      findings: [],
      through_seq: 6,
      records: 7,
      unchecked: 1,
      checkpoint: { number: 1, seq: 6, is_seal: false },
    });
    const [{ signature, public_key, ...signed }] = await exportCheckpoints();
    const key = createPublicKey({ key: Buffer.from(public_key, 'base64'), format: 'der', type: 'spki' });
    const isValid = (content: object) => verify(null, Buffer.from(canonicalJson({ ...content, version: 1 })), key, Buffer.from(signature, 'base64'));
    expect([isValid(signed), isValid({ ...signed, seq: 5 })]).toEqual([true, false]);
    expect(await db.auditEvent.findFirst({ where: { organizationId, seq: 7 } })).toMatchObject({
      action: 'audit.verified',
      outcome: 'done',
      actorRole: 'viewer',
    });
  });

  it.each([
    ['an edited record', ["UPDATE audit_events SET actor_name = 'eve' WHERE $org AND seq = 3"], { kind: 'edited', seq: 3 }],
    ['edited metadata', ['UPDATE audit_events SET metadata = \'{"n": 33}\' WHERE $org AND seq = 3'], { kind: 'edited', seq: 3 }],
    ['a time put back', ["UPDATE audit_events SET created_at = created_at - interval '1 hour' WHERE $org AND seq = 3"], { kind: 'edited', seq: 3 }],
    ['a deleted record', ['DELETE FROM audit_events WHERE $org AND seq = 3'], { kind: 'deleted', seq: 3 }],
    ['an end cut off', ['DELETE FROM audit_events WHERE $org AND seq > 4'], { kind: 'truncated', seq: 5, through_seq: 7 }],
    ['a log that was emptied', ['DELETE FROM audit_events WHERE $org'], { kind: 'truncated', seq: 1, through_seq: 7 }],
    [
      'a record put in',
      [
        'UPDATE audit_events SET seq = seq + 1000 WHERE $org AND seq > 2',
        'UPDATE audit_events SET seq = seq - 999 WHERE $org AND seq > 1000',
        'INSERT INTO audit_events SELECT (jsonb_populate_record(e, \'{"id": "aud_forged", "seq": 3, "actor_name": "eve"}\')).* FROM audit_events e WHERE $org AND seq = 2',
        'UPDATE audit_heads SET seq = seq + 1 WHERE $org',
      ],
      { kind: 'inserted', seq: 3, id: 'aud_forged' },
    ],
    [
      'a record put in past the head',
      ['INSERT INTO audit_events SELECT (jsonb_populate_record(e, \'{"id": "aud_past", "seq": 8}\')).* FROM audit_events e WHERE $org AND seq = 7'],
      { kind: 'inserted', seq: 8, id: 'aud_past' },
    ],
  ])('names %s', async (_name, statements, finding) => {
    expect(await verifyIt()).toMatchObject({ is_whole: true });
    // The first look has left record 7.
    await tamper(...statements);
    const { is_whole: isWhole, findings } = await verifyIt();
    expect(isWhole).toBe(false);
    expect(findings).toEqual(expect.arrayContaining([expect.objectContaining(finding)]));
    expect((await call(GET, at())).body.verification).toMatchObject({ is_whole: false });
    // Where somebody stands in the place of the next record, nothing can be written any more.
    const told = finding.kind === 'inserted' && finding.seq === 8 ? 0 : 1;
    expect(await db.auditEvent.count({ where: { organizationId, action: 'audit.chain_broken', outcome: 'failed' } })).toBe(told);
  });

  it('holds the log against checkpoints kept elsewhere, and refuses one that was changed', async () => {
    await verifyIt();
    const kept = await exportCheckpoints();
    expect(await verifyIt({ checkpoints: kept })).toMatchObject({
      is_whole: true,
      elsewhere_seq: 6,
      verdict: expect.stringContaining('confirms it up to event 6'),
    });
    await tamper('DELETE FROM audit_events WHERE $org AND seq > 4');
    const { findings, verdict } = await verifyIt({ checkpoints: kept });
    expect(findings[0]).toMatchObject({ kind: 'truncated', seq: 5 });
    expect(verdict).toContain('is not whole');
    expect((await call(POST, { ...at(), method: 'POST', body: { checkpoints: [{ ...kept[0], seq: 4 }] } })).status).toBe(422);
  });

  it('a forged checkpoint is told', async () => {
    await verifyIt();
    await tamper("UPDATE audit_checkpoints SET seq = 5, hmac = 'ab' WHERE $org");
    expect((await verifyIt()).findings[0]).toMatchObject({ kind: 'replaced', detail: expect.stringContaining('Checkpoint 1 was not signed') });
  });

  it('is done by the workers: of what is new, and of all once a day', async () => {
    expect(await findDueChains()).toContain(organizationId);
    await verifyDueChain(organizationId, 'wrk_test');
    expect(await findDueChains()).not.toContain(organizationId);
    await tamper("UPDATE audit_events SET actor_name = 'eve' WHERE $org AND seq = 3");
    await db.$transaction((tx) => recordAudit(tx, systemContext(organizationId), { action: 'project.updated' }));
    await db.auditCheck.update({ where: { organizationId }, data: { checkedAt: new Date(Date.now() - 400_000) } });
    expect(await findDueChains()).toContain(organizationId);
    await verifyDueChain(organizationId, 'wrk_test');
    expect((await call(GET, at())).body.verification).toMatchObject({ is_whole: true, through_seq: 7 });
    await db.auditCheck.update({ where: { organizationId }, data: { walkedAt: new Date(Date.now() - 90_000_000) } });
    expect(await findDueChains()).toContain(organizationId);
    await verifyDueChain(organizationId, 'wrk_test');
    expect((await call(GET, at())).body.verification.findings).toMatchObject([{ kind: 'edited', seq: 3 }]);
  });

  it('goes on from a seal once what is older has been removed', async () => {
    const four = await db.auditEvent.findFirstOrThrow({ where: { organizationId, seq: 4 } });
    const seal = await sealSegment(systemContext(organizationId), new Date(four.createdAt.getTime() + 1));
    await expect(db.$executeRaw`SELECT rekey_remove_audit_segment(${organizationId}, ${seal.seq + 1}::int)`).rejects.toThrow('no seal stands');
    const archived: number[] = [];
    const { removed } = await removeSegment(systemContext(organizationId), async (records) => void archived.push(...records.map((record) => record.seq)));
    expect([removed, archived]).toEqual([seal.seq, Array.from({ length: seal.seq }, (_, index) => index + 1)]);
    expect(await db.auditEvent.count({ where: { organizationId, seq: { lte: seal.seq } } })).toBe(0);
    await expect(db.$executeRaw`DELETE FROM audit_events`).rejects.toThrow('append-only');
    expect(await verifyIt()).toMatchObject({ is_whole: true });
    await tamper(`DELETE FROM audit_events WHERE $org AND seq = ${seal.seq + 1}`);
    expect((await verifyIt()).findings).toMatchObject([{ kind: 'deleted', seq: 1, through_seq: seal.seq + 1 }]);
  });
});

describe('one record', () => {
  it('is given whole with its place in the chain', async () => {
    const ids = (await db.auditEvent.findMany({ where: { organizationId }, orderBy: { seq: 'asc' } })).map(({ id }) => id);
    const ask = async (seq: number) => (await call(getEvent, { headers, params: { organizationId, eventId: ids[seq - 1] ?? '' } })).body;
    expect(await ask(3)).toMatchObject({
      audit_event: { seq: 3, hmac: expect.stringMatching(/^[0-9a-f]{64}$/), previous_hmac: expect.stringMatching(/^[0-9a-f]{64}$/) },
      place: { is_in_place: true, previous_id: ids[1], next_id: ids[3], is_checked: false },
      verification: { is_whole: null },
    });
    await verifyIt();
    expect((await ask(6)).place).toMatchObject({ is_in_place: true, is_checked: true });
    await tamper("UPDATE audit_events SET reason = 'other' WHERE $org AND seq = 3");
    expect((await ask(3)).place.is_in_place).toBe(false);
    await tamper('DELETE FROM audit_events WHERE $org AND seq = 5');
    expect([(await ask(4)).place.is_in_place, (await ask(6)).place.is_in_place]).toEqual([false, false]);
    expect(
      (await call(getEvent, { headers: await memberHeaders(await makeOrganization(), 'owner'), params: { organizationId, eventId: ids[0] ?? '' } })).status,
    ).toBe(404);
  });
});

describe('export', () => {
  it('gives all of it as JSON lines and CSV, newest first, filtered, without formulas, and is on record', async () => {
    const lines = (await readText(getExport)).text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ seq }) => seq)).toEqual([7, 6, 5, 4, 3, 2, 1]);
    expect(lines[0]).toMatchObject({ action: 'audit.exported', metadata: { format: 'jsonl' } });
    const csv = await readText(getExport, 'format=csv&action=project.updated');
    const rows = csv.text.trim().split('\r\n');
    expect(rows).toHaveLength(7);
    expect(rows[0]).toMatch(/^seq,id,created_at,action,outcome,reason,/);
    expect(rows[5]).toContain(`"'=1+1, ""quoted"""`);
    expect(csv.headers.get('content-disposition')).toMatch(/attachment; filename="audit-log-.*\.csv"/);
  });

  it('goes over many pages', async () => {
    await Promise.all(
      Array.from({ length: 50 }, () =>
        db.$transaction(async (tx) => {
          for (let n = 0; n < 25; n++) await recordAudit(tx, systemContext(organizationId), { action: 'project.updated' });
        }),
      ),
    );
    const { text } = await readText(getExport, 'action=project.updated');
    expect(
      new Set(
        text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line).seq),
      ).size,
    ).toBe(1256);
  });

  it('gives a key limited to one project its records alone, and nothing of what concerns the whole log', async () => {
    const projectId = await makeProject(organizationId);
    await db.$transaction((tx) => recordAudit(tx, systemContext(organizationId), { action: 'project.updated', projectId }));
    const whole = headers;
    headers = await keyHeaders(organizationId, { scopes: ['audit:read'], projectId });
    expect((await readText(getExport)).text.trim().split('\n')).toHaveLength(1);
    expect((await call(GET, at())).status).toBe(403);
    const [other] = await db.auditEvent.findMany({ where: { organizationId, seq: 1 } });
    expect((await call(getEvent, { headers, params: { organizationId, eventId: other?.id ?? '' } })).status).toBe(404);
    headers = whole;
  });
});

async function makeProject(organization: string): Promise<string> {
  const ids = { server: newId('srv'), database: newId('dbs'), project: newId('prj') };
  await db.server.create({ data: { id: ids.server, organizationId: organization, engine: 'postgresql' } });
  await db.database.create({
    data: {
      id: ids.database,
      organizationId: organization,
      serverId: ids.server,
      roleName: 'app',
      loginKey: ids.database,
      host: 'db',
      directPort: 5432,
      sslMode: 'prefer',
    },
  });
  const { id } = await db.project.create({
    data: { id: ids.project, organizationId: organization, databaseId: ids.database, databaseName: 'shop', name: 'shop', slug: 'shop' },
  });
  return id;
}

itRecords('audit.exported', 'audit.verified', 'audit.chain_broken', 'audit.segment_sealed', 'audit.segment_removed');
