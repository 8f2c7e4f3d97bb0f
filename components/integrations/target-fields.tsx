'use client';

import { Controller, useFormContext } from 'react-hook-form';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { FieldError } from '#components/ui/field.tsx';
import { type SettingsValues, toggleTarget } from './integration-values.ts';
import { PROVIDERS, type Provider } from './providers.ts';

/** Where the variables are written. Where a provider has one place alone there is nothing to choose. */
export function TargetFields({ provider }: { provider: Provider }) {
  const form = useFormContext<SettingsValues>();
  const { targets } = PROVIDERS[provider];
  if (targets.length === 1) return null;
  const error = form.formState.errors.targets?.message;
  return (
    <fieldset>
      <legend className="label">Written to</legend>
      <Controller
        control={form.control}
        name="targets"
        render={({ field }) => (
          <div className="flex flex-wrap gap-x-5 gap-y-2">
            {targets.map(({ value, label }) => (
              <Checkbox
                key={value}
                className="!gap-2"
                checked={field.value.includes(value)}
                onChange={(isChosen) => field.onChange(toggleTarget(field.value, value, isChosen))}
              >
                {label}
              </Checkbox>
            ))}
          </div>
        )}
      />
      {error ? <FieldError>{error}</FieldError> : <p className="hint">{PREVIEW_HINTS[provider]}</p>}
    </fieldset>
  );
}

const PREVIEW_HINTS: Record<Provider, string> = {
  vercel: 'With Preview, preview branches use this database too.',
  netlify: 'With deploy previews and branch deploys, preview branches use this database too.',
  github: '',
};
