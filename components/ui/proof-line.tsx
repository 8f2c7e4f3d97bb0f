import { CircleHelp, KeyRound, Layers2, type LucideIcon, OctagonX, ShieldCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';

/** The colour speaks of the password, never of the job: `danger` only when neither password is accepted. */
export type ProofTone = 'ok-quiet' | 'accent' | 'ok' | 'info' | 'warn' | 'danger';

const ICONS: Record<ProofTone, LucideIcon> = {
  'ok-quiet': ShieldCheck,
  ok: ShieldCheck,
  accent: KeyRound,
  info: Layers2,
  warn: CircleHelp,
  danger: OctagonX,
};

interface ProofLineProps {
  tone: ProofTone;
  /** Where the tone's own icon says too little, such as for a server that cannot be reached. */
  icon?: LucideIcon;
  /** Which password works now. */
  title: ReactNode;
  /** The version, and the times of the logins that proved it. */
  children?: ReactNode;
  action?: ReactNode;
  className?: string;
}

/** The first sentence of every project page; the polite live region. */
export function ProofLine({ tone, icon, title, children, action, className }: ProofLineProps) {
  return (
    <div className={`proof ${className ?? ''}`} data-tone={tone} role="status">
      <Icon as={icon ?? ICONS[tone]} />
      <p className="min-w-0 flex-1">
        <strong>{title}</strong> {children && <small>{children}</small>}
      </p>
      {action}
    </div>
  );
}
