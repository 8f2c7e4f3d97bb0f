'use client';

import { OctagonX } from 'lucide-react';
import { createContext, type ReactNode, useContext, useId, useMemo } from 'react';
import { Icon } from './icon.tsx';

interface FieldIds {
  id?: string;
  describedBy?: string;
  invalid?: boolean;
}

const FieldContext = createContext<FieldIds>({});

/** The ids and the error state that a control inside a Field takes on. */
export const useField = (): FieldIds => useContext(FieldContext);

interface FieldProps {
  label: ReactNode;
  /** Keeps the label for readers only. */
  hideLabel?: boolean;
  /** A grey word behind the label, such as "optional". */
  aside?: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A label, one control, and under it the hint or the error, tied together for readers. */
export function Field({ label, hideLabel, aside, hint, error, className, children }: FieldProps) {
  const id = useId();
  const note = error ? `${id}-error` : hint ? `${id}-hint` : undefined;
  const ids = useMemo(() => ({ id, describedBy: note, invalid: Boolean(error) }), [id, note, error]);
  return (
    <div className={className}>
      <label className={hideLabel ? 'sr-only' : 'label'} htmlFor={id}>
        {label} {aside && <span className="font-normal text-ink-3">{aside}</span>}
      </label>
      <FieldContext value={ids}>{children}</FieldContext>
      {error ? (
        <FieldError id={note}>{error}</FieldError>
      ) : (
        hint && (
          <div id={note} className="hint">
            {hint}
          </div>
        )
      )}
    </div>
  );
}

/** What is wrong with a field, under it. */
export function FieldError({ id, children }: { id?: string | undefined; children: ReactNode }) {
  return (
    <p id={id} className="mt-1.5 flex items-start gap-1.5 text-xs text-danger-ink" role="alert">
      <Icon as={OctagonX} className="mt-px !size-3.5" />
      <span className="min-w-0">{children}</span>
    </p>
  );
}
