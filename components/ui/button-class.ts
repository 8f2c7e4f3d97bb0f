import { classNames } from './class-names.ts';

export type ButtonKind = 'default' | 'primary' | 'quiet' | 'danger' | 'danger-quiet';
export type ButtonSize = 'normal' | 'small';

/** The class names a button shares with a link that looks like one. */
export const buttonClass = (kind: ButtonKind, size: ButtonSize, className?: string): string =>
  classNames('btn', kind !== 'default' && `btn-${kind}`, size === 'small' && 'btn-sm', className);
