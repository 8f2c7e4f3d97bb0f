import {
  CircleCheck,
  CircleDashed,
  CircleHelp,
  GitCompareArrows,
  Hourglass,
  Layers2,
  LoaderCircle,
  type LucideIcon,
  OctagonX,
  PowerOff,
  ShieldQuestion,
  SquareCheck,
  UserRound,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { Icon } from './icon.tsx';
import type { Tone } from './tone.ts';

export type StateKind =
  | 'ok'
  | 'running'
  | 'waiting'
  | 'unknown'
  | 'failed'
  | 'two-work'
  | 'not-readable'
  | 'unprovable'
  | 'changed-there'
  | 'to-do'
  | 'ticked'
  | 'turned-off'
  | 'off';

/** Each state has its own shape, so that it does not hang on colour. */
const LOOKS: Record<StateKind, { tone: Tone; icon: LucideIcon }> = {
  ok: { tone: 'ok', icon: CircleCheck },
  running: { tone: 'accent', icon: LoaderCircle },
  // For somebody to do it.
  waiting: { tone: 'warn', icon: Hourglass },
  unknown: { tone: 'warn', icon: CircleHelp },
  failed: { tone: 'danger', icon: OctagonX },
  'two-work': { tone: 'info', icon: Layers2 },
  'not-readable': { tone: 'none', icon: CircleDashed },
  unprovable: { tone: 'warn', icon: ShieldQuestion },
  'changed-there': { tone: 'warn', icon: GitCompareArrows },
  'to-do': { tone: 'warn', icon: UserRound },
  // A person says so: grey, for nothing proves it.
  ticked: { tone: 'none', icon: SquareCheck },
  // Not by a person.
  'turned-off': { tone: 'warn', icon: PowerOff },
  off: { tone: 'none', icon: PowerOff },
};

/** An icon and words, for rows. */
export function State({ kind, children }: { kind: StateKind; children: ReactNode }) {
  return (
    <span className="state" data-tone={LOOKS[kind].tone}>
      <Icon as={LOOKS[kind].icon} className={kind === 'running' ? 'spin' : undefined} />
      {children}
    </span>
  );
}

/** The icon alone, before words that say the same. */
export function StateIcon({ kind, className }: { kind: StateKind; className?: string }) {
  return (
    <span className={classNames('state w-4 justify-center', className)} data-tone={LOOKS[kind].tone}>
      <Icon as={LOOKS[kind].icon} className={kind === 'running' ? 'spin' : undefined} />
    </span>
  );
}
