import type { AuditFinding } from '#lib/contract/audit.ts';
import { type AuditRecord, isGenuine } from './record.ts';

/** Where a part of a chain begins: after the last record that a seal or a checkpoint vouches for, or at nothing. */
export interface ChainStart {
  seq: number;
  hmac: string;
}

/** Evidence kept outside the records that must agree with them: the head, the witness, checkpoints. */
export interface Mark {
  seq: number;
  hmac: string;
  /** As the finding names it. */
  name: string;
}

/** So many numbers are tried for a record that was given another number. */
const SHIFTS = 32;
/** A record that is nobody's for so long is taken for edited before the next good one is seen. */
const SUSPECTS = 1_000;

/** Reads a chain, record by record, and finds what was edited, inserted, deleted, cut off or replaced. */
export class ChainJudge {
  readonly findings: AuditFinding[] = [];
  records = 0;
  unchained = 0;
  last: AuditRecord | undefined;
  readonly #key: Buffer;
  readonly #marks: Map<number, Mark[]>;
  readonly #firstSeq: number;
  #seq: number;
  #hmac: string;
  /** How far the numbers have been moved by records that were put in (up) or taken out (down). */
  #shift = 0;
  #suspects: AuditRecord[] = [];

  /** `firstSeq` is the first chained record: only those before it may lack an HMAC. */
  constructor(key: Buffer, start: ChainStart, marks: Mark[], firstSeq = 1) {
    this.#key = key;
    this.#firstSeq = firstSeq;
    this.#seq = start.seq;
    this.#hmac = start.hmac;
    this.#marks = Map.groupBy(marks, ({ seq }) => seq);
  }

  /** The next record by number. */
  read(record: AuditRecord): void {
    this.records += 1;
    this.last = record;
    const isOlderThanChain = record.seq < this.#firstSeq && record.hmac === '' && this.#suspects.length === 0;
    const number = isOlderThanChain ? record.seq : this.#numberOf(record);
    if (number === null) {
      this.#suspects.push(record);
      if (this.#suspects.length >= SUSPECTS) this.#settle(record.seq - this.#shift + 1);
      return;
    }
    this.#settle(number, record.seq - number);
    if (isOlderThanChain) this.unchained += 1;
    else if (record.previous_hmac !== this.#hmac && number === this.#seq + 1 && this.#isUnbroken)
      this.#find('replaced', { seq: this.#seq, detail: `Event ${number} was chained to another one than event ${this.#seq}.` });
    this.#isUnbroken = true;
    this.#seq = number;
    this.#hmac = record.hmac;
    for (const mark of this.#marks.get(number) ?? []) this.#compare(mark, record.hmac);
  }

  /** False where a record before has been found to be missing or another: the link to it proves nothing. */
  #isUnbroken = true;

  /** The number that a record was written under; null where its content is not what was written. */
  #numberOf(record: AuditRecord): number | null {
    const at = record.seq - this.#shift;
    if (isGenuine({ ...record, seq: at }, this.#key)) return at;
    // Where all is another, trying goes on for nothing.
    const shifts = this.#suspects.length < SHIFTS ? SHIFTS : 0;
    for (let by = 1; by <= shifts; by++) for (const seq of [at + by, at - by]) if (seq > this.#seq && isGenuine({ ...record, seq }, this.#key)) return seq;
    return null;
  }

  /** Says of the records since the last good one what they are, now that the next good one is known to be `number`. */
  #settle(number: number, shift = this.#shift): void {
    const found = this.findings.length;
    const missing = new Set(Array.from({ length: Math.max(0, number - this.#seq - 1) }, (_, index) => this.#seq + 1 + index));
    for (const { seq, id } of this.#suspects) {
      const own = missing.has(seq - this.#shift) ? seq - this.#shift : missing.values().next().value;
      if (own === undefined) this.#find('inserted', { seq, id, detail: `Event ${seq} (${id}) was inserted: Rekey did not write it.` });
      else {
        missing.delete(own);
        this.#find('edited', { seq, id, detail: `Event ${seq} (${id}) is not what was written.` });
      }
    }
    for (const [from, to] of rangesOf([...missing])) this.#find('deleted', { seq: from, through_seq: to, detail: `${rangeWords(from, to)} missing.` });
    if (this.#suspects.length > 0 || missing.size > 0) this.#isUnbroken = false;
    if (shift !== this.#shift && this.findings.length === found)
      this.#find('edited', { seq: number + shift, detail: `Event ${number} and those after it were renumbered.` });
    this.#suspects = [];
    this.#shift = shift;
    this.#seq = number - 1;
  }

  /** Ends the reading. */
  end(): void {
    const end = Math.max(this.#seq, ...this.#marks.keys());
    const tail = this.#suspects.splice(0);
    for (const { seq, id } of tail) {
      const wasWritten = seq - this.#shift <= end;
      this.#find(wasWritten ? 'edited' : 'inserted', {
        seq,
        id,
        detail: wasWritten ? `Event ${seq} (${id}) is not what was written.` : `Event ${seq} (${id}) was inserted: Rekey did not write it.`,
      });
    }
    const lastSeen = Math.max(this.#seq, ...tail.map(({ seq }) => seq - this.#shift));
    if (lastSeen < end) {
      const witness = this.#marks.get(end)?.[0]?.name ?? '';
      this.#find('truncated', { seq: lastSeen + 1, through_seq: end, detail: `${rangeWords(lastSeen + 1, end)} cut off: ${witness} knows of them.` });
    }
  }

  #compare({ seq, hmac, name }: Mark, found: string): void {
    if (found !== hmac) this.#find('replaced', { seq, detail: `Up to event ${seq} the log is not the one that ${name} vouches for.` });
  }

  #find(kind: AuditFinding['kind'], finding: Omit<AuditFinding, 'kind'>): void {
    this.findings.push({ kind, ...finding });
  }
}

const rangeWords = (from: number, to: number): string => (from === to ? `Event ${from} is` : `Events ${from} to ${to} are`);

function rangesOf(numbers: number[]): [number, number][] {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last && number === last[1] + 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges;
}
