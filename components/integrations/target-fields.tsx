'use client';

import { Controller, useFormContext } from 'react-hook-form';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { FieldError } from '#components/ui/field.tsx';
import type { OwnTargetWire } from '#lib/http/wire/integration.ts';
import { type SettingsValues, toggleTarget, winningTargets } from './integration-values.ts';
import { PROVIDERS, type Provider, targetName } from './providers.ts';

/** Where the variables are written; `own` are the targets of the place itself. Where there is one target alone there is nothing to choose. */
export function TargetFields({ provider, own }: { provider: Provider; own: readonly OwnTargetWire[] }) {
  const form = useFormContext<SettingsValues>();
  const [chosen, variables] = form.watch(['targets', 'variables']);
  const { targets: common } = PROVIDERS[provider];
  // One that was chosen once stays in the list, whether or not the provider still names it.
  const extra = new Set([...own.map(({ target }) => target), ...chosen.filter((target) => common.every(({ value }) => value !== target))]);
  const targets = [...common, ...[...extra].map((value) => ({ value, label: targetName(provider, value) }))];
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
      {winningTargets(own, chosen, variables).map(({ target, names }) => (
        <p key={target} className="hint !text-warn-ink">
          {targetName(provider, target)} holds its own {names.join(', ')}, which wins there. Choose it too, or it keeps the old password.
        </p>
      ))}
    </fieldset>
  );
}

const PREVIEW_HINTS: Record<Provider, string> = {
  vercel: 'With Preview, preview branches use this database too.',
  netlify: 'With deploy previews and branch deploys, preview branches use this database too.',
  github: '',
};
