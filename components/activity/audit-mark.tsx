import { Ban, CircleHelp, Eye, KeyRound, KeySquare, type LucideIcon, OctagonX, Pencil, ShieldCheck, Trash2, Unplug, UserRound } from 'lucide-react';
import { classNames } from '#components/ui/class-names.ts';
import { Icon } from '#components/ui/icon.tsx';
import type { AuditWords } from './audit-words.ts';

const MARKS: Record<AuditWords['mark'], { icon: LucideIcon; className: string }> = {
  rotate: { icon: KeyRound, className: 'text-accent-ink' },
  reveal: { icon: Eye, className: 'text-ink-3' },
  person: { icon: UserRound, className: 'text-ink-3' },
  proven: { icon: ShieldCheck, className: 'text-ok' },
  refused: { icon: Ban, className: 'text-danger' },
  failed: { icon: OctagonX, className: 'text-danger' },
  unknown: { icon: CircleHelp, className: 'text-warn' },
  key: { icon: KeySquare, className: 'text-ink-3' },
  edit: { icon: Pencil, className: 'text-ink-3' },
  forget: { icon: Trash2, className: 'text-ink-3' },
  session: { icon: Unplug, className: 'text-ink-3' },
};

/** The icon before an audit event's sentence. */
export function AuditMark({ mark, className }: { mark: AuditWords['mark']; className?: string }) {
  return <Icon as={MARKS[mark].icon} className={classNames(MARKS[mark].className, className)} />;
}
