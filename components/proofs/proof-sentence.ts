import type { Sentence } from '#components/ui/sentence.ts';

/** Which password works now, and how that is known. The tone speaks of the password, never of the job. */
export interface ProofSentence {
  tone: 'ok-quiet' | 'ok' | 'accent' | 'info' | 'warn' | 'danger';
  mark: 'proven' | 'running' | 'unknown' | 'unreachable' | 'refused' | 'waiting';
  strong: Sentence;
  small: Sentence;
}
