'use client';

import { useProjectChoices } from '#components/data/projects.ts';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { FieldError } from '#components/ui/field.tsx';
import { RadioCards } from '#components/ui/radio-cards.tsx';

interface ReachFieldProps {
  /** Null: all projects. */
  value: string[] | null;
  onChange: (value: string[] | null) => void;
  error: string | undefined;
}

/** All projects, or these. */
export function ReachField({ value, onChange, error }: ReachFieldProps) {
  const projects = useProjectChoices() ?? [];
  const toggle = (id: string, isOn: boolean) => onChange(isOn ? [...(value ?? []), id] : (value ?? []).filter((one) => one !== id));
  return (
    <fieldset className="min-w-0">
      <legend className="label">Where</legend>
      <RadioCards
        label="Where"
        className="sm:grid-cols-2"
        value={value === null ? 'all' : 'some'}
        onChange={(next) => onChange(next === 'all' ? null : [])}
        options={[
          { value: 'all', title: 'All projects', text: 'including future ones, and all sites' },
          { value: 'some', title: 'These projects', text: 'and nothing else' },
        ]}
      />
      {value !== null && (
        <div className="mt-2 grid max-h-56 gap-x-6 gap-y-2.5 overflow-y-auto rounded-md border border-line p-3 sm:grid-cols-2">
          {projects.map(({ id, name }) => (
            <Checkbox key={id} checked={value.includes(id)} onChange={(isOn) => toggle(id, isOn)} className="!gap-2">
              {name}
            </Checkbox>
          ))}
        </div>
      )}
      {error && <FieldError>{error}</FieldError>}
    </fieldset>
  );
}
