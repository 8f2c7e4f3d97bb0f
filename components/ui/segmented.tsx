'use client';

import { ToggleGroup } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { PlainDiv } from './plain-div.tsx';

interface SegmentedProps<V extends string> {
  label: string;
  value: V;
  onChange: (value: V) => void;
  options: readonly { value: V; label: ReactNode; disabled?: boolean }[];
  /** Spreads the segments over the whole width. */
  wide?: boolean;
  className?: string;
}

/** One of two to five short words. */
export function Segmented<V extends string>({ label, value, onChange, options, wide, className }: SegmentedProps<V>) {
  return (
    <ToggleGroup.Root
      type="single"
      asChild
      className={classNames('segmented', wide && 'w-full *:flex-1', className)}
      aria-label={label}
      value={value}
      // Radix answers '' when the chosen one is pressed again: one is always chosen here.
      onValueChange={(next) => next && onChange(next as V)}
    >
      <PlainDiv>
        {options.map((option) => (
          <ToggleGroup.Item key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </ToggleGroup.Item>
        ))}
      </PlainDiv>
    </ToggleGroup.Root>
  );
}
