'use client';

import { type ReactNode, useId } from 'react';
import { classNames } from './class-names.ts';
import { Tooltip } from './tooltip.tsx';

interface CheckboxProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  /** `none` is grey: a tick that proves nothing. */
  tone?: 'none';
  /** Why it cannot be pressed now. */
  disabledReason?: string | false;
  className?: string;
  /** Its label. */
  children: ReactNode;
}

/** A box and its label; the label takes presses too. */
export function Checkbox({ checked, onChange, tone, disabledReason, className, children }: CheckboxProps) {
  const id = useId();
  const box = (
    <input
      id={id}
      type="checkbox"
      className="check mt-0.5"
      data-tone={tone}
      checked={checked}
      aria-disabled={disabledReason ? true : undefined}
      onChange={(event) => !disabledReason && onChange(event.target.checked)}
    />
  );
  return (
    <div className={classNames('flex max-w-full items-start gap-3', className)}>
      {disabledReason ? <Tooltip text={disabledReason}>{box}</Tooltip> : box}
      <label htmlFor={id} className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        {children}
      </label>
    </div>
  );
}
