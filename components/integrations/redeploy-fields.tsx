'use client';

import { Controller, useFormContext } from 'react-hook-form';
import { PROVIDERS, type Provider } from '#components/data/providers.ts';
import { Field, FieldError } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { RadioCards } from '#components/ui/radio-cards.tsx';
import type { SettingsValues } from './integration-values.ts';

interface RedeployFieldsProps {
  provider: Provider;
  /** Whether a deploy hook is kept already; it is never shown again. */
  hasHook?: boolean;
}

const BY_HAND = { value: 'manual', title: 'Manual', text: 'Running deployments keep the old variables until you press Redeploy.' } as const;
const AUTOMATIC = { value: 'automatic', title: 'Automatic', text: 'Rekey starts one as soon as the variables are written.' } as const;

/** Who begins the deployment that takes the variables up, and how. */
export function RedeployFields({ provider, hasHook = false }: RedeployFieldsProps) {
  const form = useFormContext<SettingsValues>();
  const { errors } = form.formState;
  const { hook, api } = PROVIDERS[provider].redeploy;
  return (
    <fieldset className="grid gap-4">
      <div>
        <legend className="label">Deployments</legend>
        <Controller
          control={form.control}
          name="redeploy"
          render={({ field }) => (
            <RadioCards label="Deployments" className="sm:grid-cols-2" value={field.value} onChange={field.onChange} options={[BY_HAND, AUTOMATIC]} />
          )}
        />
        {errors.redeploy && <FieldError>{errors.redeploy.message}</FieldError>}
      </div>
      {hook && (
        <Field
          label="Deploy hook"
          aside={hasHook ? 'one is stored; enter another to replace it' : 'optional'}
          error={errors.deploy_hook_url?.message}
          hint={hook.hint}
        >
          <Input machine placeholder={hook.example} {...form.register('deploy_hook_url')} />
        </Field>
      )}
      {api?.needs === 'workflow' && (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Workflow" aside="optional" error={errors.workflow?.message} hint="One that can be run by hand (workflow_dispatch).">
            <Input machine placeholder="deploy.yml" {...form.register('workflow')} />
          </Field>
          <Field label="Branch" aside="optional" error={errors.ref?.message} hint="The default branch if empty.">
            <Input machine placeholder="main" {...form.register('ref')} />
          </Field>
        </div>
      )}
    </fieldset>
  );
}
