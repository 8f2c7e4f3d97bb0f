'use client';

import { Controller, useFormContext } from 'react-hook-form';
import type { PlaceTargets } from '#components/data/integrations.ts';
import { PROVIDERS, type Provider, targetName } from '#components/data/providers.ts';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { FieldError } from '#components/ui/field.tsx';
import { shadowedNames, winningTargets } from '#lib/contract/integration.ts';
import { type SettingsValues, toggleTarget } from './integration-values.ts';

/** Where the variables are written, and what wins or loses against them in the place. Where there is one target alone there is nothing to choose. */
export function TargetFields({ provider, place: { own_targets: own, inherited } }: { provider: Provider; place: PlaceTargets }) {
  const form = useFormContext<SettingsValues>();
  const [chosen, variables] = form.watch(['targets', 'variables']);
  const { targets: common, previewHint } = PROVIDERS[provider];
  // One that was chosen once stays in the list, whether or not the provider still names it.
  const extra = new Set([...own.map(({ target }) => target), ...chosen]);
  for (const { value } of common) extra.delete(value);
  const targets = [...common, ...[...extra].map((value) => ({ value, label: targetName(provider, value) }))];
  const names = variables.map(({ name }) => name);
  const shadowed = shadowedNames(inherited, names);
  if (targets.length === 1 && shadowed.length === 0) return null;
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
      {error ? <FieldError>{error}</FieldError> : <p className="hint">{previewHint}</p>}
      {winningTargets(own, chosen, names).map(({ target, names: winning }) => (
        <p key={target} className="hint [overflow-wrap:anywhere] !text-warn-ink">
          {targetName(provider, target)} holds its own {winning.join(', ')}, which wins there. Choose it too, or it keeps the old password.
        </p>
      ))}
      {shadowed.map(({ from, names: losing }) => (
        <p key={from} className="hint [overflow-wrap:anywhere]">
          The {from} has a {losing.join(', ')} too. What Rekey writes wins here.
        </p>
      ))}
    </fieldset>
  );
}
