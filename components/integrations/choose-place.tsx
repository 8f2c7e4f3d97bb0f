'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { FormProvider, useForm } from 'react-hook-form';
import { useConnect, usePlaceTargets } from '#components/data/integrations.ts';
import { PROVIDERS, type Provider } from '#components/data/providers.ts';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import type { PlaceListWire } from '#lib/contract/integration.ts';
import { type ConnectValues, connectDefaults, connectForm, toConnectBody } from './integration-values.ts';
import { PlaceField } from './place-field.tsx';
import { RedeployFields } from './redeploy-fields.tsx';
import { showIntegrationProblem } from './show-integration-problem.ts';
import { TargetFields } from './target-fields.tsx';
import { VariableFields } from './variable-fields.tsx';

interface ChoosePlaceProps {
  projectId: string;
  provider: Provider;
  title: string;
  token: string;
  list: PlaceListWire;
  onBack: () => void;
  onClose: () => void;
}

/** The second step of connecting: which place, what is written there, and what happens then. */
export function ChoosePlace({ projectId, provider, title, token, list, onBack, onClose }: ChoosePlaceProps) {
  const { name, fullName } = PROVIDERS[provider];
  const connect = useConnect(projectId);
  const [found, setFound] = useState(list);
  const form = useForm<ConnectValues>({ resolver: zodResolver(connectForm), defaultValues: connectDefaults(provider, list) });
  const { errors, isSubmitting } = form.formState;
  const place = found.places.find(({ external_id: id }) => id === form.watch('place'));
  const targets = usePlaceTargets(projectId, provider, place ? { token, external_id: place.external_id, account_id: place.account_id } : null);
  const submit = form.handleSubmit((values) =>
    connect.mutateAsync(toConnectBody(provider, token, values, found)).then(
      () => onClose(),
      (error: Error) => showIntegrationProblem(form, error),
    ),
  );
  return (
    <FormDialog
      flush
      onClose={onClose}
      other={{ label: 'Back', onClick: onBack }}
      title={title}
      description="The current password is written there at once, and each later one as soon as it is verified."
      footNote={`Existing values at ${name} under these names are replaced.`}
      onSubmit={() => void submit()}
      action={`Connect ${fullName}`}
      busy={isSubmitting && `Checking with ${name}`}
      problem={errors.root?.message}
      problemTitle="Nothing was connected."
    >
      <FormProvider {...form}>
        <div className="grid grid-cols-1 lg:grid-cols-2">
          <div className="grid grid-cols-1 content-start gap-5 border-line p-5 max-lg:pb-0 lg:border-r">
            <PlaceField projectId={projectId} provider={provider} token={token} list={found} onList={setFound} />
            <TargetFields provider={provider} place={targets} />
            <RedeployFields provider={provider} />
          </div>
          <div className="grid grid-cols-1 content-start gap-5 p-5">
            <VariableFields provider={provider} />
          </div>
        </div>
      </FormProvider>
    </FormDialog>
  );
}
