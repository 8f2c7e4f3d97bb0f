import { Compass, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { ButtonLink } from './button.tsx';
import { classNames } from './class-names.ts';
import { Icon } from './icon.tsx';

interface EmptyProps {
  icon: LucideIcon;
  tone?: 'accent' | 'danger' | 'none';
  title: ReactNode;
  /** What this is, and what will not happen. */
  text: ReactNode;
  /** One field or one button. */
  children?: ReactNode;
  /** A small line at the end. */
  foot?: ReactNode;
  role?: 'alert';
  className?: string;
}

const GROUNDS = { accent: 'bg-accent-tint text-accent-ink', danger: 'bg-danger-tint text-danger-ink', none: 'bg-hover text-ink-2' };

/** In the place of a list that has nothing, or could not be loaded. */
export function Empty({ icon, tone = 'none', title, text, children, foot, role, className }: EmptyProps) {
  return (
    <div className={classNames('empty', className)} role={role}>
      <span className={`mb-2 grid size-11 place-items-center rounded-lg ${GROUNDS[tone]}`}>
        <Icon as={icon} className="!size-5" />
      </span>
      <h2>{title}</h2>
      <p>{text}</p>
      {children}
      {foot && <p className="mt-3 !text-xs !text-ink-3">{foot}</p>}
    </div>
  );
}

interface NothingHereProps {
  /** Such as "There is no such project". */
  title: string;
  text: string;
  /** Where to go instead. */
  href: string;
  action: string;
}

/** For an address that leads nowhere, or to what belongs to somebody else: the two look alike. */
export function NothingHere({ title, text, href, action }: NothingHereProps) {
  return (
    <Empty className="card !py-14" icon={Compass} title={title} text={text}>
      <ButtonLink href={href} kind="primary" className="mt-4">
        {action}
      </ButtonLink>
    </Empty>
  );
}
