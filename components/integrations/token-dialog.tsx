'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { useUpdateIntegration } from '#components/data/integrations.ts';
import { PROVIDERS, placeName } from '#components/data/providers.ts';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';
import { findPlacesBody, type IntegrationWire } from '#lib/contract/integration.ts';
import { showIntegrationProblem } from './show-integration-problem.ts';

const schema = findPlacesBody.pick({ token: true });

/** Gives an integration another token; the one that is kept is not shown. */
export function TokenDialog({ integration, onClose }: { integration: IntegrationWire; onClose: () => void }) {
  const { provider, project_id: projectId } = integration;
  const { name, tokenHint } = PROVIDERS[provider];
  const update = useUpdateIntegration(projectId, provider);
  const form = useForm({ resolver: zodResolver(schema), defaultValues: { token: '' } });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit((values) =>
    update.mutateAsync(values).then(
      () => onClose(),
      (error: Error) => showIntegrationProblem(form, error),
    ),
  );
  return (
    <FormDialog
      onClose={onClose}
      narrow
      title={`Replace the token of ${placeName(integration)}`}
      description="The new token is checked first; until then the old one stays. Then the current password is written again."
      onSubmit={() => void submit()}
      action="Replace the token"
      busy={isSubmitting && `Checking with ${name}`}
      problem={errors.root?.message}
      problemTitle="The old token stays."
    >
      <Field label="New token" error={errors.token?.message} hint={`${tokenHint} It is encrypted and never shown again.`}>
        <Input machine type="password" autoComplete="off" {...form.register('token')} />
      </Field>
    </FormDialog>
  );
}
