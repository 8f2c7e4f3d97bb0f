import { KeyRound, type LucideIcon, OctagonX, Unplug } from 'lucide-react';
import type { ReactNode } from 'react';
import { ProofLine } from '#components/ui/proof-line.tsx';
import type { ProofSentence } from './proof-sentence.ts';
import { SentenceText } from './sentence-text.tsx';

const ICONS: Partial<Record<ProofSentence['mark'], LucideIcon>> = { running: KeyRound, unreachable: Unplug, refused: OctagonX };

interface ProofSentenceLineProps {
  proof: ProofSentence;
  action?: ReactNode;
  /** As the head of a card, on a rotation's own page. */
  head?: boolean;
}

/** Draws the sentence that says which password works. */
export function ProofSentenceLine({ proof: { tone, mark, strong, small }, action, head }: ProofSentenceLineProps) {
  return (
    <ProofLine
      tone={tone}
      icon={ICONS[mark]}
      title={<SentenceText of={strong} />}
      action={action}
      className={head ? '!rounded-none !border-0 !border-b [&>p]:text-md' : undefined}
    >
      <SentenceText of={small} />
    </ProofLine>
  );
}
