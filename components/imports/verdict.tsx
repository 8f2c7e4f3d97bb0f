import { Ban, Check, type LucideIcon, Plus } from 'lucide-react';
import { Icon } from '#components/ui/icon.tsx';
import type { CheckedRowWire } from '#lib/contract/import.ts';

type Verdict = CheckedRowWire['verdict'];

export const VERDICT_WORDS: Record<Verdict, string> = { new: 'New', already_here: 'Already here', will_not_work: 'Will not work' };

const LOOKS: Record<Verdict, { icon: LucideIcon; tone: 'ok' | 'none' | 'danger' }> = {
  new: { icon: Plus, tone: 'ok' },
  already_here: { icon: Check, tone: 'none' },
  will_not_work: { icon: Ban, tone: 'danger' },
};

/** What Rekey would do with a row. */
export function Verdict({ verdict }: { verdict: Verdict }) {
  return (
    <span className="state" data-tone={LOOKS[verdict].tone}>
      <Icon as={LOOKS[verdict].icon} />
      {VERDICT_WORDS[verdict]}
    </span>
  );
}
