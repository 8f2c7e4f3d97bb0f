import type { KeyObject } from 'node:crypto';
import type { AuditCheckpointWire, AuditFinding } from '#lib/contract/audit.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { db } from '#lib/kernel/db.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import { type Chain, isSealGenuine, type Loaded, OlderRecords } from './chain-key.ts';
import { checkpointToWire, isOwnSignature, isSigned } from './checkpoints.ts';
import { ChainJudge, type ChainStart, type Mark } from './judge-chain.ts';
import { lastWritten } from './last-written.ts';
import { readChain } from './segments.ts';
import { readWitness } from './witness.ts';

const PAST_HEAD = 100;
/** Above every record number, so that records inserted after the head are read too. */
const LAST_SEQ = 2 ** 31 - 1;
const NOTHING: ChainStart = { seq: 0, hmac: '' };
/** A member may be made so long before the first record of the same act is written. */
const TOLERANCE_MS = 600_000;

interface Head {
  seq: number;
  hmac: string;
  sealedSeq: number;
  seal: string;
}

/** The range that was read and the findings. */
export interface Inspection {
  findings: AuditFinding[];
  head: { seq: number; hmac: string } | null;
  records: number;
  unchained: number;
  lastAt: Date | null;
  /** The newest of the stored checkpoints that carry the organization's signature. */
  latest: AuditCheckpointWire | undefined;
  /** The last record that a checkpoint kept elsewhere vouches for; 0: none was given. */
  elsewhere: number;
}

const lastOf = (checkpoints: AuditCheckpointWire[]): number => Math.max(0, ...checkpoints.map(({ seq }) => seq));
const markOf = ({ seq, hmac, number }: AuditCheckpointWire, where: string): Mark => ({ seq, hmac, name: `${where} ${number}` });

/** Throws validation_failed for a checkpoint of another organization, or one that was changed. */
function checkOutside(organizationId: string, checkpoints: AuditCheckpointWire[]): void {
  if (checkpoints.some((one) => one.organization_id !== organizationId || !isOwnSignature(one)))
    throw invalidField('checkpoints', 'One of them was not signed for this organization, or was changed. Send them as they were exported.');
}

function bySignature(checkpoints: AuditCheckpointWire[], key: KeyObject): { signed: AuditCheckpointWire[]; unsigned: AuditCheckpointWire[] } {
  const groups = Map.groupBy(checkpoints, (one) => isSigned(one, key));
  return { signed: groups.get(true) ?? [], unsigned: groups.get(false) ?? [] };
}

/** Where the reading begins: after the seal before the first record that is left, or at the beginning. */
async function startOf(organizationId: string, signed: AuditCheckpointWire[], headSeq: number): Promise<ChainStart> {
  const first = await db.auditEvent.findFirst({ where: { organizationId }, orderBy: { seq: 'asc' }, select: { seq: true } });
  const before = first ? first.seq - 1 : headSeq;
  return signed.find(({ is_seal: isSeal, seq }) => isSeal && seq === before) ?? NOTHING;
}

/** Records that the head of the chain does not know of, in one look at both. */
async function findPastHead(organizationId: string): Promise<AuditFinding[]> {
  const rows = await db.$queryRaw<{ seq: number; id: string }[]>`
    SELECT e.seq, e.id FROM audit_events e JOIN audit_heads h USING (organization_id)
    WHERE e.organization_id = ${organizationId} AND e.seq > h.seq ORDER BY e.seq LIMIT ${PAST_HEAD}`;
  return rows.map(({ seq, id }) => ({ kind: 'inserted', seq, id, detail: `Event ${seq} (${id}) was inserted: the head of the chain does not cover it.` }));
}

/** Each record moves and seals the head, so Rekey did not write a head without a valid seal. */
async function judgeHead(organizationId: string, chain: Chain, head: Head | null): Promise<AuditFinding[]> {
  if (!head) return [{ kind: 'replaced', seq: 0, detail: 'The head of the chain is missing.' }];
  const { seq, hmac, sealedSeq, seal } = head;
  // An earlier version of Rekey, beside this one during an upgrade, leaves the last sealed end where it was.
  const sealed = sealedSeq === seq ? { hmac } : await db.auditEvent.findFirst({ where: { organizationId, seq: sealedSeq }, select: { hmac: true } });
  if (sealed && isSealGenuine(chain, { kind: 'head', seq: sealedSeq, hmac: sealed.hmac }, seal)) return [];
  return [{ kind: 'replaced', seq, detail: `The head of the chain was replaced: its seal is not that of event ${seq}.` }];
}

/** Checkpoints are numbered without gaps, and the witness knows how many there were. */
function findMissingCheckpoints(stored: AuditCheckpointWire[], count: number): AuditFinding[] {
  const numbers = new Set(stored.map(({ number }) => number));
  const missing = Array.from({ length: Math.max(count, stored.at(-1)?.number ?? 0) }, (_, index) => index + 1).filter((number) => !numbers.has(number));
  return missing.map((number) => {
    const next = stored.find((one) => one.number > number);
    return { kind: 'deleted', seq: next?.seq ?? 0, detail: `Checkpoint ${number} is missing: it was deleted from this store.` };
  });
}

/** The arrival of every member, project and API key is recorded, so a log cannot be much younger than the oldest of them. */
async function judgeAge(organizationId: string, loaded: Chain | 'none'): Promise<AuditFinding[]> {
  const begunAt = loaded === 'none' ? storeTime() : loaded.firstSeq === 1 ? loaded.begunAt : null;
  if (!begunAt) return [];
  const [{ oldest }] = await db.$queryRaw<[{ oldest: Date | null }]>`
    SELECT least((SELECT min(created_at) FROM members WHERE organization_id = ${organizationId}),
      (SELECT min(created_at) FROM projects WHERE organization_id = ${organizationId}),
      (SELECT min(created_at) FROM api_keys WHERE organization_id = ${organizationId})) AS oldest`;
  if (!oldest || oldest.getTime() >= begunAt.getTime() - TOLERANCE_MS) return [];
  const found = loaded === 'none' ? 'There is no event' : `The first event is from ${begunAt.toISOString()}`;
  return [
    {
      kind: 'truncated',
      seq: 1,
      detail: `${found}, but the organization has members, projects or API keys since ${oldest.toISOString()}: an earlier log was deleted together with its secret.`,
    },
  ];
}

const LOST = {
  gone: 'The secret of this log is gone: it was deleted, and no event can be verified without it.',
  broken: 'The secret of this log cannot be decrypted: it was changed, and no event can be verified without it.',
};

interface Options {
  /** False: only what came after the last checkpoint. */
  whole: boolean;
  /** Checkpoints kept elsewhere. */
  outside: AuditCheckpointWire[];
}

/**
 * Reads an organization's log against everything that vouches for it: the secret, the head, the witness, the stored
 * checkpoints, what this process wrote, and checkpoints kept elsewhere. Changes nothing.
 * @throws {DomainError} validation_failed for a checkpoint that is not the organization's own
 */
export async function inspectChain(organizationId: string, loaded: Loaded, { whole, outside }: Options): Promise<Inspection> {
  checkOutside(organizationId, outside);
  if (typeof loaded === 'string') {
    const findings: AuditFinding[] = loaded === 'none' ? await judgeAge(organizationId, loaded) : [{ kind: 'replaced', seq: 1, detail: LOST[loaded] }];
    const [first] = outside;
    if (loaded === 'none' && first)
      findings.push({
        kind: 'truncated',
        seq: 1,
        through_seq: lastOf(outside),
        detail: `There is no event, but ${markOf(first, 'the checkpoint kept elsewhere,').name} knows of some.`,
      });
    return { findings, head: null, records: 0, unchained: 0, lastAt: null, latest: undefined, elsewhere: 0 };
  }
  // In this order: whatever vouches for records is read before the head, which only moves on.
  const written = lastWritten(organizationId);
  const witness = await readWitness(organizationId, loaded);
  const rows = await db.auditCheckpoint.findMany({ where: { organizationId }, orderBy: { number: 'asc' } });
  const head = await db.auditHead.findUnique({ where: { organizationId } });

  const stored = rows.map((row) => checkpointToWire(row, loaded.signing));
  const { signed, unsigned } = bySignature(stored, loaded.signing);
  const { signed: ours, unsigned: foreign } = bySignature(outside, loaded.signing);
  const start = (whole ? undefined : signed.at(-1)) ?? (await startOf(organizationId, signed, head?.seq ?? 0));
  const marks = [
    ...(head && head.hmac !== '' ? [{ seq: head.seq, hmac: head.hmac, name: 'the head of the chain' }] : []),
    ...(witness && witness.seq > 0 ? [{ ...witness, name: 'the last verification' }] : []),
    ...(written ? [{ ...written, name: 'the running process, which wrote them,' }] : []),
    ...signed.map((one) => markOf(one, 'checkpoint')),
    ...ours.map((one) => markOf(one, 'the checkpoint kept elsewhere,')),
  ].filter(({ seq }) => seq > start.seq);

  const judge = new ChainJudge(loaded.mac, start, marks, loaded.firstSeq);
  const older = new OlderRecords();
  // Read to the head as it stood: what comes meanwhile is the next look's.
  for await (const page of readChain(organizationId, start.seq, head?.seq || LAST_SEQ))
    for (const record of page) {
      judge.read(record);
      if (record.seq < loaded.firstSeq) older.read(record);
    }
  judge.end();
  const olderChanged = start.seq === 0 && older.digest() !== loaded.olderHash;
  const findings: AuditFinding[] = [
    ...foreign.map(({ number, seq }) => ({
      kind: 'replaced' as const,
      seq,
      detail: `The checkpoint kept elsewhere, ${number}, was signed with another secret than the current one of this log: the log was restarted, or it belongs to another Rekey.`,
    })),
    ...unsigned.map(({ number, seq }) => ({ kind: 'replaced' as const, seq, detail: `Checkpoint ${number} was not signed by this organization’s key.` })),
    ...judge.findings,
    ...(olderChanged
      ? [
          {
            kind: 'edited' as const,
            seq: 1,
            through_seq: loaded.firstSeq - 1,
            detail: `Of events 1 to ${loaded.firstSeq - 1}, which are older than the chain, at least one was changed after they were sealed.`,
          },
        ]
      : []),
    ...(await judgeHead(organizationId, loaded, head)),
    ...(await findPastHead(organizationId)),
    ...(witness
      ? []
      : [{ kind: 'replaced' as const, seq: 0, detail: 'The sealed note of how far this log was verified is not genuine: it was changed or emptied.' }]),
    ...findMissingCheckpoints(stored, witness?.checkpoints ?? 0),
    ...(await judgeAge(organizationId, loaded)),
  ];
  return {
    findings,
    head,
    records: judge.records,
    unchained: judge.unchained,
    lastAt: judge.last ? new Date(judge.last.created_at) : null,
    latest: signed.at(-1),
    elsewhere: lastOf(ours),
  };
}
