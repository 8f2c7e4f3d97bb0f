import type { LucideIcon } from 'lucide-react';
import Link from 'next/link';
import type { ComponentProps } from 'react';
import { type ButtonKind, type ButtonSize, buttonClass } from './button-class.ts';
import { Icon } from './icon.tsx';

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
