import type { LucideIcon, LucideProps } from 'lucide-react';
import { classNames } from './class-names.ts';

/** A lucide icon at the size and stroke of the place it stands in: 16 px / 1.75, smaller in badges and states. Never alone without a label beside it. */
export function Icon({ as: As, className, ...rest }: { as: LucideIcon } & Omit<LucideProps, 'ref'>) {
  return <As aria-hidden="true" focusable="false" className={classNames('icon', className)} {...rest} />;
}
