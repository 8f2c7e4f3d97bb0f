'use client';

import { Switch as Radix } from 'radix-ui';
import { type ReactNode, useId } from 'react';

interface SwitchProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
  children: ReactNode;
}

/** On or off, at once. */
export function Switch({ checked, onChange, disabled, children }: SwitchProps) {
  const id = useId();
  return (
    <label className="flex items-center gap-2" htmlFor={id}>
      <Radix.Root id={id} className="switch" checked={checked} disabled={disabled} onCheckedChange={onChange}>
        <Radix.Thumb />
      </Radix.Root>
      {children}
    </label>
  );
}
