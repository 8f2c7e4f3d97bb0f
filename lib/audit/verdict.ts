import type { AuditVerificationWire } from '#lib/contract/audit.ts';

type Facts = Pick<AuditVerificationWire, 'is_whole' | 'through_seq' | 'unchained' | 'elsewhere_seq' | 'findings'>;

const rangeWords = (last: number): string => (last === 1 ? 'event 1' : `events 1 to ${last}`);

/** What a verification found, and what it could not have seen, in sentences. */
export function verdictOf({ is_whole: isWhole, through_seq: through, unchained, elsewhere_seq: elsewhere, findings }: Facts): string {
  if (isWhole === null) return 'The audit log was not verified yet.';
  const [first] = findings;
  if (first) return `The audit log is not whole: ${findings.length === 1 ? '1 finding' : `${findings.length} findings`}. ${first.detail}`;
  if (through === 0) return 'The audit log has no events yet.';
  const sentences = [`The audit log is whole up to event ${through}, the last in this store.`];
  if (unchained > 0)
    sentences.push(`Of ${rangeWords(unchained)}, which are older than the chain, it is known only that nothing has changed since they were sealed.`);
  if (elsewhere >= through) sentences.push('A checkpoint kept elsewhere confirms all of it.');
  else if (elsewhere > 0)
    sentences.push(
      `A checkpoint kept elsewhere confirms it up to event ${elsewhere}. Later events could be missing if the owner of the database restored an earlier copy of all audit tables.`,
    );
  else
    sentences.push(
      'No checkpoint kept elsewhere was compared: if the owner of the database restored an earlier copy of all audit tables, the events since that copy are missing and this store cannot show it.',
    );
  return sentences.join(' ');
}
