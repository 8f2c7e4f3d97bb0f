'use client';

import { Checkbox as Radix } from 'radix-ui';
import { type ReactNode, useId } from 'react';

interface CheckboxProps {
  checked: boolean | 'indeterminate';
  onChange: (checked: boolean) => void;
  disabled?: boolean;
  /** The words beside it. */
  children: ReactNode;
}

/** A box to tick, with its words. */
export function Checkbox({ checked, onChange, disabled, children }: CheckboxProps) {
  const id = useId();
  return (
    <label className="flex items-start gap-2" htmlFor={id}>
      <Radix.Root id={id} className="check mt-0.5" checked={checked} disabled={disabled} onCheckedChange={(next) => onChange(next === true)} />
      <span className="min-w-0">{children}</span>
    </label>
  );
}
