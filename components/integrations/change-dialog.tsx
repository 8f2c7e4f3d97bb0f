'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { FormProvider, useForm } from 'react-hook-form';
import { usePlaceTargets, useUpdateIntegration } from '#components/data/integrations.ts';
import { PROVIDERS, placeName } from '#components/data/providers.ts';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import type { IntegrationWire } from '#lib/contract/integration.ts';
import { type SettingsValues, settingsForm, settingsOf, toUpdateBody } from './integration-values.ts';
import { RedeployFields } from './redeploy-fields.tsx';
import { showIntegrationProblem } from './show-integration-problem.ts';
import { TargetFields } from './target-fields.tsx';
import { VariableFields } from './variable-fields.tsx';

/** Its own place, asked about with its own token. */
const OF_THE_INTEGRATION = {};

/** Changes which variables are written where, and what happens then. */
export function ChangeDialog({ integration, onClose }: { integration: IntegrationWire; onClose: () => void }) {
  const { provider, project_id: projectId, config } = integration;
  const update = useUpdateIntegration(projectId, provider);
  const found = usePlaceTargets(projectId, provider, OF_THE_INTEGRATION);
  const form = useForm<SettingsValues>({ resolver: zodResolver(settingsForm), defaultValues: settingsOf(integration) });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit((values) =>
    update.mutateAsync(toUpdateBody(integration, values)).then(
      () => onClose(),
      (error: Error) => showIntegrationProblem(form, error),
    ),
  );
  return (
    <FormDialog
      flush
      onClose={onClose}
      title={`Change the variables of ${placeName(integration)}`}
      description="Other names or targets are written at once. Values under the old names stay there."
      footNote={`Remove the old ${PROVIDERS[provider].variable}s at ${PROVIDERS[provider].name} yourself.`}
      onSubmit={() => void submit()}
      action="Save the integration"
      busy={isSubmitting && 'Saving'}
      problem={errors.root?.message}
      problemTitle="Nothing was changed."
    >
      <FormProvider {...form}>
        <div className="grid grid-cols-1 lg:grid-cols-2">
          <div className="grid grid-cols-1 content-start gap-5 border-line p-5 max-lg:pb-0 lg:border-r">
            <TargetFields provider={provider} place={found} />
            <RedeployFields provider={provider} hasHook={config.has_deploy_hook} />
          </div>
          <div className="grid grid-cols-1 content-start gap-5 p-5">
            <VariableFields provider={provider} />
          </div>
        </div>
      </FormProvider>
    </FormDialog>
  );
}
