'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { FormProvider, useForm } from 'react-hook-form';
import { Button } from '#components/ui/button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Notice } from '#components/ui/notice.tsx';
import type { PlaceListWire } from '#lib/http/wire/integration.ts';
import { type ConnectValues, connectDefaults, connectForm, toConnectBody } from './integration-values.ts';
import { PlaceField } from './place-field.tsx';
import { PROVIDERS, type Provider } from './providers.ts';
import { useConnect } from './queries.ts';
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
  const connect = useConnect(projectId, provider);
  const [found, setFound] = useState(list);
  const form = useForm<ConnectValues>({ resolver: zodResolver(connectForm), defaultValues: connectDefaults(provider, list) });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit((values) =>
    connect.mutateAsync(toConnectBody(provider, token, values, found)).then(
      () => onClose(),
      (error: Error) => showIntegrationProblem(form, provider, error),
    ),
  );
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      description="The current password is written there at once, and every later one as soon as it is proven."
      footNote={`What stands at ${name} under these names is replaced.`}
      onSubmit={() => void submit()}
      actions={
        <>
          <Button onClick={onBack}>Back</Button>
          <Button type="submit" kind="primary" className="max-sm:flex-1" busy={isSubmitting && `Asking ${name}`}>
            Connect {fullName}
          </Button>
        </>
      }
    >
      {errors.root && (
        <div className="px-5 pt-5">
          <Notice tone="danger" role="alert" title="Nothing was connected.">
            {errors.root.message}
          </Notice>
        </div>
      )}
      <FormProvider {...form}>
        <div className="grid grid-cols-1 lg:grid-cols-2">
          <div className="grid grid-cols-1 content-start gap-5 border-line p-5 max-lg:pb-0 lg:border-r">
            <PlaceField projectId={projectId} provider={provider} token={token} list={found} onList={setFound} />
            <TargetFields provider={provider} />
            <RedeployFields provider={provider} />
          </div>
          <div className="grid grid-cols-1 content-start gap-5 p-5">
            <VariableFields provider={provider} />
          </div>
        </div>
      </FormProvider>
    </Dialog>
  );
}
