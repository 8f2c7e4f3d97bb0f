import { Info, type LucideIcon, OctagonX, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import type { Tone } from './tone.ts';

const ICONS: Record<Tone, LucideIcon> = { ok: Info, info: Info, accent: Info, none: Info, warn: TriangleAlert, danger: OctagonX };

interface NoticeProps {
  tone?: Tone;
  icon?: LucideIcon;
  /** What happened. */
  title: ReactNode;
  /** Did anything change, and what to do. */
  children?: ReactNode;
  action?: ReactNode;
  /** `alert` is read out at once, `status` when the reader is free; absent for what stood there from the start. */
  role?: 'alert' | 'status';
  className?: string;
}

/** A message in the flow of the page. */
export function Notice({ tone = 'none', icon, title, children, action, role, className }: NoticeProps) {
  return (
    <div className={`notice ${className ?? ''}`} data-tone={tone} role={role}>
      <Icon as={icon ?? ICONS[tone]} />
      <div className="min-w-0 flex-1">
        <b className="font-semibold">{title}</b> {children && <span className="text-ink-2">{children}</span>}
      </div>
      {action}
    </div>
  );
}
