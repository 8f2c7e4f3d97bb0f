'use client';

import { useState } from 'react';
import { useRotateKey } from '#components/data/api-keys.ts';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Select } from '#components/ui/input.tsx';
import { type ApiKeyCreatedWire, type ApiKeyWire, DEFAULT_OVERLAP_HOURS } from '#lib/contract/account.ts';
import { beginningOf } from './key-words.ts';

const OVERLAPS = [
  { hours: 0, label: 'not at all: it ends at once' },
  { hours: 1, label: '1 hour' },
  { hours: DEFAULT_OVERLAP_HOURS, label: '24 hours' },
  { hours: 72, label: '3 days' },
  { hours: 168, label: '7 days' },
];

interface RotateKeyDialogProps {
  apiKey: ApiKeyWire;
  /** Takes the new key: it is in this answer alone. */
  onKey: (made: ApiKeyCreatedWire) => void;
  onClose: () => void;
}

/** Asks how long the former key goes on working. */
export function RotateKeyDialog({ apiKey, onKey, onClose }: RotateKeyDialogProps) {
  const rotate = useRotateKey(apiKey.id);
  const [hours, setHours] = useState(DEFAULT_OVERLAP_HOURS);
  const submit = () =>
    rotate.mutate(
      { overlap_hours: hours },
      {
        onSuccess: (made) => {
          onKey(made);
          onClose();
        },
      },
    );
  return (
    <FormDialog
      onClose={onClose}
      narrow
      title={`Rotate ${apiKey.name}`}
      description={
        <>
          The new key has the same scopes. <code>{beginningOf(apiKey)}</code> can keep working until everything that uses it has the new one.
        </>
      }
      onSubmit={submit}
      action="Rotate the key"
      busy={rotate.isPending && 'Creating the key'}
      problem={rotate.error?.message}
      problemTitle="The key was not changed."
    >
      <Field label="The old key works for" hint="Or until its own expiry, if that is sooner.">
        <Select value={hours} onChange={(event) => setHours(Number(event.target.value))}>
          {OVERLAPS.map((overlap) => (
            <option key={overlap.hours} value={overlap.hours}>
              {overlap.label}
            </option>
          ))}
        </Select>
      </Field>
    </FormDialog>
  );
}
