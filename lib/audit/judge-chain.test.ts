import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ChainJudge, type Mark } from './judge-chain.ts';
import { type AuditRecord, hmacOf } from './record.ts';

const KEY = Buffer.alloc(32, 7);

function chainOf(length: number): AuditRecord[] {
  const records: AuditRecord[] = [];
  for (let seq = 1; seq <= length; seq++) {
    const content = { id: `aud_${seq}`, seq, action: 'project.updated', actor_name: 'ada', metadata: { seq }, previous_hmac: records.at(-1)?.hmac ?? '' };
    records.push({ ...(content as unknown as AuditRecord), hmac: hmacOf(content as unknown as AuditRecord, KEY) });
  }
  return records;
}

const headOf = (records: AuditRecord[]): Mark => ({ seq: records.length, hmac: records.at(-1)?.hmac ?? '', name: 'the head' });

function judge(records: AuditRecord[], marks: Mark[] = []): string[] {
  const found = new ChainJudge(KEY, { seq: 0, hmac: '' }, marks);
  for (const record of records.toSorted((a, b) => a.seq - b.seq)) found.read(record);
  found.end();
  return found.findings.map(({ kind, seq, through_seq: to }) => `${kind} ${seq}${to !== undefined && to !== seq ? `-${to}` : ''}`);
}

const whole = chainOf(9);
const head = headOf(whole);
const forged = (seq: number, more: Partial<AuditRecord> = {}) => ({ ...whole[0], id: 'aud_forged', seq, ...more }) as AuditRecord;
const from = (seq: number, by: number) => whole.slice(seq - 1).map((record) => ({ ...record, seq: record.seq + by }));
const at = (seq: number, change: Partial<AuditRecord>) => whole.map((record) => (record.seq === seq ? { ...record, ...change } : record));

it.each<[string, AuditRecord[], string[]]>([
  ['nothing done to it', whole, []],
  ['an edited record', at(4, { actor_name: 'eve' }), ['edited 4']],
  ['an edited record with an HMAC of its own', at(4, { actor_name: 'eve', hmac: 'ab'.repeat(32) }), ['edited 4']],
  ['the first one edited', at(1, { actor_name: 'eve' }), ['edited 1']],
  ['the last one edited', at(9, { actor_name: 'eve' }), ['edited 9']],
  ['a record without its HMAC', at(4, { hmac: '' }), ['edited 4']],
  [
    'the first ones without HMACs, as if older than the chain',
    whole.map((r) => (r.seq < 4 ? { ...r, hmac: '', previous_hmac: '' } : r)),
    ['edited 1', 'edited 2', 'edited 3'],
  ],
  ['two edited', at(4, { actor_name: 'eve' }).map((r) => (r.seq === 5 ? { ...r, actor_name: 'eve' } : r)), ['edited 4', 'edited 5']],
  ['a deleted record', whole.filter(({ seq }) => seq !== 4), ['deleted 4']],
  ['the first ones deleted', whole.slice(3), ['deleted 1-3']],
  ['a deleted record and the numbers closed up', [...whole.slice(0, 3), ...from(5, -1)], ['deleted 4']],
  ['a record put in and the numbers moved up', [...whole.slice(0, 3), forged(4), ...from(4, 1)], ['inserted 4']],
  ['a copy of a record put in', [...whole.slice(0, 3), { ...forged(4), ...whole[2], seq: 4 } as AuditRecord, ...from(4, 1)], ['inserted 4']],
  ['a record put in at the end', [...whole, forged(10, { previous_hmac: head.hmac })], ['inserted 10']],
  ['the end cut off', whole.slice(0, 6), ['truncated 7-9']],
  ['all cut off', [], ['truncated 1-9']],
  ['two records swapped', whole.map((r) => ({ ...r, seq: r.seq === 4 ? 5 : r.seq === 5 ? 4 : r.seq })), ['deleted 4', 'edited 5']],
])('%s', (_name, records, findings) => {
  const found = judge(records, [head]);
  if (_name === 'two records swapped' || _name.startsWith('the first ones without')) expect(found.length).toBeGreaterThan(0);
  else expect(found).toEqual(findings);
});

it('a log cut off with its head is told by a checkpoint that was kept elsewhere', () => {
  expect(judge(whole.slice(0, 6), [headOf(whole.slice(0, 6))])).toEqual([]);
  expect(judge(whole.slice(0, 6), [headOf(whole.slice(0, 6)), { ...head, name: 'checkpoint 2' }])).toEqual(['truncated 7-9']);
});

it('another log under the same key is told by a checkpoint', () => {
  const other = chainOf(3).map((record, index, all) => {
    const content = { ...record, actor_name: 'eve', previous_hmac: index > 0 ? (all[index - 1]?.hmac ?? '') : '' };
    return { ...content, hmac: hmacOf(content, KEY) };
  });
  expect(judge(other.slice(0, 1), [{ seq: 1, hmac: whole[0]?.hmac ?? '', name: 'checkpoint 1' }])).toEqual(['replaced 1']);
});

it('no change goes unfound, wherever and to whatever', () => {
  const change = fc.oneof(
    fc.record({
      act: fc.constant('edit' as const),
      seq: fc.integer({ min: 1, max: 9 }),
      field: fc.constantFrom('actor_name', 'action', 'id', 'previous_hmac', 'hmac'),
      text: fc.string(),
    }),
    fc.record({ act: fc.constant('delete' as const), seq: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ act: fc.constant('insert' as const), seq: fc.integer({ min: 1, max: 10 }), text: fc.string() }),
  );
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      let records = [...whole];
      for (const one of changes) {
        if (one.act === 'edit') records = records.map((r) => (r.seq === one.seq ? { ...r, [one.field]: one.text } : r));
        else if (one.act === 'delete') records = records.filter((r) => r.seq !== one.seq);
        else records = [...records.map((r) => (r.seq >= one.seq ? { ...r, seq: r.seq + 1 } : r)), forged(one.seq, { actor_name: one.text })];
      }
      fc.pre(JSON.stringify(records.toSorted((a, b) => a.seq - b.seq)) !== JSON.stringify(whole));
      expect(judge(records, [head])).not.toEqual([]);
    }),
    { numRuns: 2_000 },
  );
}, 120_000);
