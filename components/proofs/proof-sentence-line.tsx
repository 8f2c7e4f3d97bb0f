import { Hourglass, KeyRound, type LucideIcon, OctagonX, Unplug } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from '#components/ui/class-names.ts';
import { ProofLine } from '#components/ui/proof-line.tsx';
import { SentenceText } from '#components/ui/sentence-text.tsx';
import type { ProofSentence } from './proof-sentence.ts';

const ICONS: Partial<Record<ProofSentence['mark'], LucideIcon>> = { running: KeyRound, unreachable: Unplug, refused: OctagonX, waiting: Hourglass };

interface ProofSentenceLineProps {
  proof: ProofSentence;
  action?: ReactNode;
  /** Inside a card; `head`: as its head, on a rotation's own page. */
  inCard?: boolean | 'head';
}

/** Draws the sentence that says which password works. */
export function ProofSentenceLine({ proof: { tone, mark, strong, small }, action, inCard }: ProofSentenceLineProps) {
  return (
    <ProofLine
      tone={tone}
      icon={ICONS[mark]}
      title={<SentenceText of={strong} />}
      action={action}
      className={classNames(inCard && '!rounded-none !border-0 !border-b', inCard === 'head' && '[&>p]:text-md')}
    >
      <SentenceText of={small} />
    </ProofLine>
  );
}
