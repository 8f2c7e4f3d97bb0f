'use client';

import { LoaderCircle, type LucideIcon } from 'lucide-react';
import Link from 'next/link';
import type { ComponentProps, MouseEvent } from 'react';
import { type ButtonKind, type ButtonSize, buttonClass } from './button-class.ts';
import { Icon } from './icon.tsx';
import { Kbd } from './kbd.tsx';
import { Tooltip } from './tooltip.tsx';

export interface ButtonProps extends ComponentProps<'button'> {
  kind?: ButtonKind;
  size?: ButtonSize;
  icon?: LucideIcon;
  /** The single key that presses it, shown as a keycap. */
  shortcut?: string;
  /** While something runs: what is being done, such as "Asking the server". It takes no press then. */
  busy?: string | false;
  /** Why it cannot be pressed now. It stays focusable, so that the reason can be read. */
  disabledReason?: string | false;
}

/** Keycaps whose key has another name for readers. */
const KEY_NAMES: Record<string, string> = { '↵': 'Enter', Esc: 'Escape' };

const swallow = (event: MouseEvent) => event.preventDefault();

/** A verb and a thing. One primary button a view. */
export function Button({
  kind = 'default',
  size = 'normal',
  icon,
  shortcut,
  busy,
  disabledReason,
  className,
  children,
  onClick,
  type = 'button',
  ...rest
}: ButtonProps) {
  const off = Boolean(busy || disabledReason);
  const button = (
    <button
      type={type}
      className={buttonClass(kind, size, className)}
      aria-busy={busy ? true : undefined}
      aria-disabled={disabledReason ? true : undefined}
      aria-keyshortcuts={shortcut && (KEY_NAMES[shortcut] ?? shortcut)}
      onClick={off ? swallow : onClick}
      {...rest}
    >
      {busy ? <Icon as={LoaderCircle} className="spin" /> : icon && <Icon as={icon} />}
      {busy || children}
      {shortcut && !busy && <Kbd>{shortcut}</Kbd>}
    </button>
  );
  return disabledReason ? <Tooltip text={disabledReason}>{button}</Tooltip> : button;
}

interface ButtonLinkProps extends ComponentProps<typeof Link> {
  kind?: ButtonKind;
  size?: ButtonSize;
  icon?: LucideIcon;
}

/** A link that looks like a button: it opens the page where the thing is done. */
export function ButtonLink({ kind = 'default', size = 'normal', icon, className, children, ...rest }: ButtonLinkProps) {
  return (
    <Link className={buttonClass(kind, size, className)} {...rest}>
      {icon && <Icon as={icon} />}
      {children}
    </Link>
  );
}
