'use client';

import { LoaderCircle, type LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';
import { type ButtonKind, type ButtonSize, buttonClass } from './button-class.ts';
import { Icon } from './icon.tsx';
import { Tooltip } from './tooltip.tsx';

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children' | 'aria-label'> {
  /** The verb and the thing: read out, and shown as a tooltip. */
  label: string;
  icon: LucideIcon;
  kind?: ButtonKind;
  size?: ButtonSize;
  busy?: boolean;
}

/** A button of an icon alone: only for copy, reveal, close and more. */
export function IconButton({ label, icon, kind = 'quiet', size = 'small', busy, disabled, className, onClick, type = 'button', ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label}>
      <button
        type={type}
        aria-label={label}
        aria-busy={busy || undefined}
        aria-disabled={disabled || undefined}
        className={buttonClass(kind, size, `btn-icon ${className ?? ''}`)}
        onClick={busy || disabled ? undefined : onClick}
        {...rest}
      >
        {busy ? <Icon as={LoaderCircle} className="spin" /> : <Icon as={icon} />}
      </button>
    </Tooltip>
  );
}
