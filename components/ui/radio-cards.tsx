'use client';

import { type ReactNode, useId } from 'react';
import { classNames } from './class-names.ts';

export interface RadioCard<V extends string> {
  value: V;
  title: ReactNode;
  text?: ReactNode;
  disabled?: boolean;
}

interface RadioCardsProps<V extends string> {
  label: string;
  value: V;
  onChange: (value: V) => void;
  options: readonly RadioCard<V>[];
  className?: string;
}

/** One of a few, each with a sentence that says what it does. */
export function RadioCards<V extends string>({ label, value, onChange, options, className }: RadioCardsProps<V>) {
  const id = useId();
  return (
    <div role="radiogroup" className={classNames('grid gap-2', className)} aria-label={label}>
      {options.map((option) => (
        <label key={option.value} className="choice" htmlFor={`${id}-${option.value}`}>
          <input
            id={`${id}-${option.value}`}
            type="radio"
            name={id}
            className="check"
            checked={option.value === value}
            disabled={option.disabled}
            onChange={() => onChange(option.value)}
          />
          <span className="min-w-0">
            <b className="font-medium">{option.title}</b>
            {option.text && <span className="block text-xs text-ink-2">{option.text}</span>}
          </span>
        </label>
      ))}
    </div>
  );
}
