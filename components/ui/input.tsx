'use client';

import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';
import { useField } from './field.tsx';

/** What every control takes from the Field around it. */
function useControlProps() {
  const { id, describedBy, invalid } = useField();
  return { id, 'aria-describedby': describedBy, 'aria-invalid': invalid || undefined };
}

/** `machine` sets it in Geist Mono and turns the keyboard's helpers off: for URLs, names and keys. */
export function Input({ machine, className, ...rest }: ComponentProps<'input'> & { machine?: boolean }) {
  const off = machine && ({ autoComplete: 'off', autoCapitalize: 'none', autoCorrect: 'off', spellCheck: false } as const);
  return <input {...useControlProps()} {...off} className={classNames('input', machine && 'font-mono sm:text-xs', className)} {...rest} />;
}

/** Several lines, for a certificate or a note. */
export function Textarea({ machine, className, ...rest }: ComponentProps<'textarea'> & { machine?: boolean }) {
  const off = machine && ({ autoComplete: 'off', autoCapitalize: 'none', autoCorrect: 'off', spellCheck: false } as const);
  return <textarea {...useControlProps()} {...off} className={classNames('input', machine && 'font-mono sm:text-xs', className)} {...rest} />;
}

/** The platform's own select: options as children. */
export function Select({ className, ...rest }: ComponentProps<'select'>) {
  return <select {...useControlProps()} className={classNames('input', className)} {...rest} />;
}
