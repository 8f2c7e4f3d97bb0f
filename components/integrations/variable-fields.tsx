'use client';

import { Plus, X } from 'lucide-react';
import { useFieldArray, useFormContext } from 'react-hook-form';
import { PROVIDERS, type Provider } from '#components/data/providers.ts';
import { Button } from '#components/ui/button.tsx';
import { FieldError } from '#components/ui/field.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { Input, Select } from '#components/ui/input.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import type { VariableValue } from '#lib/contract/integration.ts';
import { PRESETS, type Preset, presetOf, type SettingsValues, VALUE_LABELS, variablesOf } from './integration-values.ts';

const MOST = 20;

/** Which variables are written, by what name: a set that frameworks look for, or others. */
export function VariableFields({ provider }: { provider: Provider }) {
  const form = useFormContext<SettingsValues>();
  const { variable } = PROVIDERS[provider];
  const rows = useFieldArray({ control: form.control, name: 'variables' });
  const { errors } = form.formState;
  const preset = presetOf(form.watch('variables'));
  const whole = errors.variables?.root?.message ?? errors.variables?.message;
  return (
    <fieldset>
      <legend className="label">{variable === 'secret' ? 'Secrets' : 'Variables'}</legend>
      <Segmented
        label={`Names of the ${variable}s`}
        value={preset ?? 'own'}
        onChange={(next) => next !== 'own' && rows.replace(variablesOf(next))}
        options={[...PRESETS, { value: 'own' as Preset | 'own', label: 'Own names', disabled: preset !== null }]}
      />
      <ul className="mt-2 grid gap-2">
        {rows.fields.map((row, index) => (
          <li key={row.id}>
            <div className="flex items-center gap-2">
              <Input
                machine
                className="min-w-0 flex-1"
                aria-label={`Name of ${variable} ${index + 1}`}
                aria-invalid={errors.variables?.[index]?.name ? true : undefined}
                {...form.register(`variables.${index}.name`)}
              />
              <Select className="!w-36 shrink-0" aria-label={`Value of ${variable} ${index + 1}`} {...form.register(`variables.${index}.value`)}>
                {(Object.keys(VALUE_LABELS) as VariableValue[]).map((value) => (
                  <option key={value} value={value}>
                    {VALUE_LABELS[value]}
                  </option>
                ))}
              </Select>
              <IconButton label={`Remove ${variable} ${index + 1}`} icon={X} disabled={rows.fields.length === 1} onClick={() => rows.remove(index)} />
            </div>
            {errors.variables?.[index]?.name && <FieldError>{errors.variables[index].name.message}</FieldError>}
          </li>
        ))}
      </ul>
      {whole && <FieldError>{whole}</FieldError>}
      {rows.fields.length < MOST && (
        <Button size="small" kind="quiet" icon={Plus} className="mt-1.5" onClick={() => rows.append({ name: '', value: 'pooled_url' })}>
          Add a {variable}
        </Button>
      )}
      <p className="hint">
        Choose pg or mysql2 for node-postgres, Drizzle, Prisma 7 and mysql2: they read TLS modes differently. postgres.js reads the plain URL. Without a pooler,
        the pooled URL is the direct one.
      </p>
    </fieldset>
  );
}
