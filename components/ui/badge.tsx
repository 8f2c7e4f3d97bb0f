import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import type { Tone } from './tone.ts';

interface BadgeProps {
  /** `none` is the plain grey one, `line` the outlined one. */
  tone?: Tone | 'line';
  icon?: LucideIcon;
  className?: string;
  children: ReactNode;
}

/** A noun on a thing, never a button. */
export function Badge({ tone = 'none', icon, className, children }: BadgeProps) {
  return (
    <span className={`badge ${className ?? ''}`} data-tone={tone}>
      {icon && <Icon as={icon} />}
      {children}
    </span>
  );
}
