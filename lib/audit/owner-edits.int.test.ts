// What the owner of the tables can do to an audit log, who takes the triggers away first and knows everything but the
// encryption key. Each is looked at by a process that has just started: it remembers nothing of the log.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { AuditCheckpointWire } from '#lib/contract/audit.ts';
import { seal } from '#lib/crypto/envelope.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { makeOrganization, memberHeaders } from '#scripts/testing/call-api.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { appendToCheckpointFile, listCheckpoints } from './checkpoints.ts';
import { recordAudit } from './record-audit.ts';
import { findDueChains, verifyAuditTrail, verifyDueChain } from './verify.ts';

const TABLES = ['audit_events', 'audit_heads', 'audit_keys', 'audit_checkpoints', 'audit_checks'];

let organizationId: string;
/** Checkpoints that were exported before anybody touched the log. */
let kept: AuditCheckpointWire[];

const act = (n: number) => db.$transaction((tx) => recordAudit(tx, systemContext(organizationId), { action: 'project.updated', metadata: { n } }));

beforeEach(async () => {
  organizationId = await makeOrganization();
  await memberHeaders(organizationId, 'owner');
  for (let n = 1; n <= 8; n++) await act(n);
  await verifyAuditTrail(organizationId);
  kept = await listCheckpoints(systemContext(organizationId));
  for (let n = 9; n <= 10; n++) await act(n);
});

async function tamper(...statements: string[]): Promise<void> {
  const guarded = ['audit_events', 'audit_checkpoints'];
  await db.$transaction(async (tx) => {
    for (const table of guarded) await tx.$executeRawUnsafe(`ALTER TABLE ${table} DISABLE TRIGGER ALL`);
    for (const sql of statements) await tx.$executeRawUnsafe(sql.replaceAll('$org', `organization_id = '${organizationId}'`));
    for (const table of guarded) await tx.$executeRawUnsafe(`ALTER TABLE ${table} ENABLE TRIGGER ALL`);
  });
}

/** As `npm run audit -- verify` does it, in a process of its own. */
async function verifyAfresh(checkpoints: AuditCheckpointWire[] = []) {
  vi.resetModules();
  const { verifyAuditTrail: verify } = await import('./verify.ts');
  return verify(organizationId, { checkpoints });
}

const renumberFrom = (seq: number, by: number) => [
  `UPDATE audit_events SET seq = seq + 100000 WHERE $org AND seq >= ${seq}`,
  `UPDATE audit_events SET seq = seq - 100000 + ${by} WHERE $org AND seq > 100000`,
];
const headTo = (seq: number) =>
  `UPDATE audit_heads h SET seq = ${seq}, hmac = e.hmac, at = e.created_at FROM audit_events e WHERE h.$org AND e.organization_id = h.organization_id AND e.seq = ${seq}`;
const FORGET_CHECKS = ['DELETE FROM audit_checkpoints WHERE $org', 'DELETE FROM audit_checks WHERE $org'];
const EMPTY_HMACS = [
  'DELETE FROM audit_events WHERE $org AND seq = 3',
  ...renumberFrom(4, -1),
  "UPDATE audit_events SET actor_name = 'eve', hmac = '', previous_hmac = '' WHERE $org",
  "UPDATE audit_heads SET seq = 9, hmac = '' WHERE $org",
  ...FORGET_CHECKS,
];

describe.each<[string, string[], RegExp]>([
  ['drops a record', ['DELETE FROM audit_events WHERE $org AND seq = 3'], /Event 3 is missing/],
  [
    'drops a record and closes the gap',
    ['DELETE FROM audit_events WHERE $org AND seq = 3', ...renumberFrom(4, -1), headTo(9), ...FORGET_CHECKS],
    /Event 3 is missing/,
  ],
  ['edits a record', ["UPDATE audit_events SET actor_name = 'eve' WHERE $org AND seq = 3"], /Event 3 .* is not what was written/],
  ['gives records other numbers', renumberFrom(1, 5), /renumbered|missing/],
  [
    'swaps two records',
    [
      'UPDATE audit_events SET seq = CASE seq WHEN 4 THEN 100005 ELSE 100004 END WHERE $org AND seq IN (4, 5)',
      'UPDATE audit_events SET seq = seq - 100000 WHERE $org AND seq > 100000',
    ],
    /Event [45]/,
  ],
  [
    'inserts a forged record',
    [
      ...renumberFrom(3, 1),
      'INSERT INTO audit_events SELECT (jsonb_populate_record(e, \'{"id": "aud_forged_$id", "seq": 3, "actor_name": "eve"}\')).* FROM audit_events e WHERE $org AND seq = 2',
      headTo(11),
      ...FORGET_CHECKS,
    ],
    /Event 3 .* was inserted/,
  ],
  ['empties every HMAC, renumbers and deletes the checkpoints', EMPTY_HMACS, /is not what was written|not genuine/],
  ['does the same and deletes the chain key', [...EMPTY_HMACS, 'DELETE FROM audit_keys WHERE $org'], /secret of this log is gone/],
  ['empties the HMACs of the first records only', ["UPDATE audit_events SET hmac = '', previous_hmac = '' WHERE $org AND seq < 9"], /is not what was written/],
  ['replaces the head', ["UPDATE audit_heads SET hmac = 'ab' WHERE $org"], /head of the chain/],
  ['puts the head back', [headTo(9)], /head of the chain/],
  ['deletes the head', ['DELETE FROM audit_heads WHERE $org'], /head of the chain/],
  ['empties the head', ["UPDATE audit_heads SET seq = 0, hmac = '' WHERE $org"], /head of the chain/],
  ['deletes the checkpoints', ['DELETE FROM audit_checkpoints WHERE $org'], /[Cc]heckpoint 1 is missing/],
  ['cuts off the tail', ['DELETE FROM audit_events WHERE $org AND seq > 6'], /Events 7 to 10 are cut off/],
  [
    'cuts off the tail, puts back the head and deletes the checkpoints',
    ['DELETE FROM audit_events WHERE $org AND seq > 6', headTo(6), ...FORGET_CHECKS],
    /cut off|head of the chain/,
  ],
  ['cuts off what was never verified and puts back the head', ['DELETE FROM audit_events WHERE $org AND seq > 8', headTo(8)], /head of the chain/],
  ['deletes the chain key', ['DELETE FROM audit_keys WHERE $org'], /secret of this log is gone/],
  ['empties the chain key', ["UPDATE audit_keys SET sealed = '' WHERE $org"], /secret of this log cannot be decrypted/],
  [
    'deletes everything, as if there had never been a log',
    [...TABLES.map((table) => `DELETE FROM ${table} WHERE $org`), "UPDATE members SET created_at = now() - interval '1 day' WHERE $org"],
    /no event/,
  ],
])('the owner %s', (_name, statements, words) => {
  it.each([
    ['without', false],
    ['with', true],
  ])('is named %s a checkpoint kept elsewhere', async (_with, hasKept) => {
    expect(await verifyAfresh(hasKept ? kept : [])).toMatchObject({ is_whole: true });
    await tamper(...statements.map((sql) => sql.replaceAll('$id', organizationId)));
    const { is_whole: isWhole, findings, verdict } = await verifyAfresh(hasKept ? kept : []);
    expect(isWhole).toBe(false);
    expect(findings.map(({ detail }) => detail).join('\n')).toMatch(words);
    expect(verdict).toContain('not whole');
  });
});

describe('the owner puts back an earlier copy of every audit table', () => {
  /** Of record 8 and all that vouched for it then; the log has gone on to record 10 and a checkpoint of that. */
  async function putBack(): Promise<AuditCheckpointWire[]> {
    const copies = new Map<string, string>();
    for (const table of TABLES) {
      const [{ rows }] = await db.$queryRawUnsafe<[{ rows: object }]>(
        `SELECT coalesce(jsonb_agg(t), '[]') AS rows FROM ${table} t WHERE organization_id = '${organizationId}'`,
      );
      copies.set(table, JSON.stringify(rows).replaceAll("'", "''"));
    }
    for (let n = 11; n <= 12; n++) await act(n);
    await verifyAuditTrail(organizationId);
    const later = await listCheckpoints(systemContext(organizationId));
    await tamper(
      ...[...copies].flatMap(([table, rows]) => [
        `DELETE FROM ${table} WHERE $org`,
        `INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, '${rows}'::jsonb)`,
      ]),
    );
    return later;
  }

  it('cannot be seen in this store alone, and the verdict says so', async () => {
    await putBack();
    const { is_whole: isWhole, verdict } = await verifyAfresh();
    expect(isWhole).toBe(true);
    expect(verdict).toBe(
      'The audit log is whole up to event 10, the last in this store. No checkpoint kept elsewhere was compared: if the owner of the database restored an earlier copy of all audit tables, the events since that copy are missing and this store cannot show it.',
    );
  });

  it('is named with a checkpoint kept elsewhere', async () => {
    const later = await putBack();
    const { is_whole: isWhole, findings } = await verifyAfresh(later);
    expect(isWhole).toBe(false);
    expect(findings).toMatchObject([{ kind: 'truncated', seq: 11, through_seq: 12, detail: expect.stringContaining('kept elsewhere') }]);
  });

  it('is named by the process that wrote the records', async () => {
    await putBack();
    const { findings } = await verifyAuditTrail(organizationId);
    expect(findings).toMatchObject([{ kind: 'truncated', seq: 11, through_seq: 12, detail: expect.stringContaining('running process') }]);
  });

  it('is named by the checkpoint file', async () => {
    const later = await putBack();
    const file = join(mkdtempSync(join(tmpdir(), 'rekey-checkpoints-')), 'checkpoints.jsonl');
    for (const one of later) await appendToCheckpointFile(one, file);
    vi.stubEnv('REKEY_AUDIT_CHECKPOINT_FILE', file);
    const { findings } = await verifyAfresh();
    vi.unstubAllEnvs();
    expect(findings).toMatchObject([{ kind: 'truncated', seq: 11, through_seq: 12 }]);
  });
});

it('is found by the workers where the head is gone with all the rest', async () => {
  await tamper(...TABLES.map((table) => `DELETE FROM ${table} WHERE $org`), "UPDATE members SET created_at = now() - interval '1 day' WHERE $org");
  expect(await findDueChains()).toContain(organizationId);
  await verifyDueChain(organizationId, 'wrk_test');
  expect(await findDueChains()).not.toContain(organizationId);
  expect(await db.auditCheck.findUnique({ where: { organizationId } })).toMatchObject({ findings: [{ kind: 'truncated' }] });
});

it('says how far a checkpoint kept elsewhere confirms a whole log', async () => {
  expect((await verifyAfresh(kept)).verdict).toContain('confirms it up to event 8');
  const later = await listCheckpoints(systemContext(organizationId));
  expect((await verifyAfresh(later)).verdict).toContain('confirms all of it');
});

describe('a log of an earlier version', () => {
  /** Three records from before the chain, three chained ones, and the tables as that version left them. */
  async function makeEarlierLog(): Promise<void> {
    organizationId = await makeOrganization();
    const older = Array.from({ length: 3 }, (_, n) => ({ id: `aud_old${n}${organizationId}`, seq: n + 1, metadata: { n } }));
    const context = { organizationId, table: 'audit_keys', row: organizationId, field: 'sealed', version: 1 };
    const sealed = await seal(randomBytes(32).toString('base64'), context);
    await tamper(
      ...older.map(
        ({ id, seq }) =>
          `INSERT INTO audit_events (id, organization_id, seq, created_at, action, outcome, actor_kind, actor_name, method, metadata, previous_hmac, hmac)
           VALUES ('${id}', '${organizationId}', ${seq}, now() - interval '1 year', 'project.adopted', 'done', 'system', 'rekey', 'system', '{}', '', '')`,
      ),
      `INSERT INTO audit_heads (organization_id, seq, hmac, unchained_through) VALUES ('${organizationId}', 3, '', 3)`,
      `INSERT INTO audit_keys (organization_id, sealed) VALUES ('${organizationId}', '${sealed}')`,
    );
    for (let n = 4; n <= 6; n++) await act(n);
    await tamper(
      `UPDATE audit_keys SET version = 1, sealed = '${sealed}', witness_seal = '' WHERE $org`,
      "UPDATE audit_heads SET sealed_seq = 0, seal = '' WHERE $org",
    );
    vi.resetModules();
  }

  it('is sealed as it stands and verifies as before', async () => {
    await makeEarlierLog();
    const { sealEarlierChains: sealAll } = await import('./seal-earlier-chains.ts');
    await sealAll();
    expect(await db.auditEvent.findFirst({ where: { organizationId, seq: 7 } })).toMatchObject({
      action: 'audit.chain_sealed',
      metadata: { older_records: 3 },
    });
    expect(await verifyAfresh()).toMatchObject({ is_whole: true, unchained: 3, through_seq: 7, verdict: expect.stringContaining('older than the chain') });
    await sealAll();
    expect(await db.auditEvent.count({ where: { organizationId } })).toBe(7);
  });

  it.each([
    ['an older record is edited', "UPDATE audit_events SET actor_name = 'eve' WHERE $org AND seq = 2", /events 1 to 3, which are older/],
    ['an older record is deleted', 'DELETE FROM audit_events WHERE $org AND seq = 2', /Event 2 is missing/],
    [
      'a chained record is made an older one',
      "UPDATE audit_events SET hmac = '', previous_hmac = '' WHERE $org AND seq = 4",
      /Event 4 .* is not what was written/,
    ],
    ['all are made older ones', "UPDATE audit_events SET hmac = '', previous_hmac = '' WHERE $org", /Event 4 .* is not what was written/],
  ])('is not whole where %s', async (_name, statement, words) => {
    await makeEarlierLog();
    expect(await verifyAfresh()).toMatchObject({ is_whole: true });
    await tamper(statement);
    const { findings } = await verifyAfresh();
    expect(findings.map(({ detail }) => detail).join('\n')).toMatch(words);
  });
});

it('`npm run audit -- verify` names what was edited and ends with 1', async () => {
  const verify = () =>
    new Promise<{ code: number; stdout: string; stderr: string }>((done) =>
      execFile('node', ['scripts/audit.ts', 'verify'], (error, stdout, stderr) => done({ code: Number(error?.code ?? 0), stdout, stderr })),
    );
  // Other tests of this file leave broken logs of their own.
  const lineOf = ({ stdout }: { stdout: string }) =>
    JSON.parse(
      stdout
        .trim()
        .split('\n')
        .find((line) => line.includes(organizationId)) ?? '{}',
    );
  expect(lineOf(await verify())).toMatchObject({ is_whole: true, verdict: expect.stringContaining('No checkpoint kept elsewhere') });
  await tamper(...EMPTY_HMACS);
  const answer = await verify();
  expect(lineOf(answer)).toMatchObject({ is_whole: false });
  expect(answer).toMatchObject({ code: 1, stderr: expect.stringContaining(`${organizationId}: The audit log is not whole`) });
}, 180_000);

itRecords('audit.chain_sealed');
