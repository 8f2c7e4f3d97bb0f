'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { useFindPlaces } from '#components/data/integrations.ts';
import { PROVIDERS, type Provider } from '#components/data/providers.ts';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';
import { findPlacesBody, type PlaceListWire } from '#lib/contract/integration.ts';
import { ChoosePlace } from './choose-place.tsx';
import { showIntegrationProblem } from './show-integration-problem.ts';

interface PasteTokenProps {
  projectId: string;
  provider: Provider;
  title: string;
  onClose: () => void;
  onFound: (token: string, list: PlaceListWire) => void;
}

const schema = z.object({ token: findPlacesBody.shape.token.unwrap() });

/** The first step of connecting: a token, and what it can change. */
function PasteToken({ projectId, provider, title, onClose, onFound }: PasteTokenProps) {
  const { name, place, places, tokenHint } = PROVIDERS[provider];
  const find = useFindPlaces(projectId, provider);
  const form = useForm({ resolver: zodResolver(schema), defaultValues: { token: '' } });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(({ token }) =>
    find.mutateAsync({ token }).then(
      (list) =>
        list.places.length > 0
          ? onFound(token, list)
          : form.setError('token', { message: `This token can change no ${place}. Use one that can; nothing was connected.` }),
      (error: Error) => showIntegrationProblem(form, error),
    ),
  );
  return (
    <FormDialog
      onClose={onClose}
      narrow
      title={title}
      description={`Rekey writes the URL there after each rotation. First it lists the ${places} that the token can change.`}
      onSubmit={() => void submit()}
      action={`List the ${places}`}
      busy={isSubmitting && `Checking with ${name}`}
      problem={errors.root?.message}
      problemTitle={`The ${places} could not be listed.`}
    >
      <Field label="Token" error={errors.token?.message} hint={`${tokenHint} It is encrypted and never shown again.`}>
        <Input machine type="password" autoComplete="off" {...form.register('token')} />
      </Field>
    </FormDialog>
  );
}

interface ConnectDialogProps {
  projectId: string;
  projectName: string;
  provider: Provider;
  onClose: () => void;
}

/** A token first, which also proves it; then the place and what is written there. The token stays in this dialog until it is sent. */
export function ConnectDialog(props: ConnectDialogProps) {
  const [found, setFound] = useState<{ token: string; list: PlaceListWire } | null>(null);
  const title = `Connect ${PROVIDERS[props.provider].fullName} with ${props.projectName}`;
  if (found === null) return <PasteToken {...props} title={title} onFound={(token, list) => setFound({ token, list })} />;
  return <ChoosePlace {...props} title={title} token={found.token} list={found.list} onBack={() => setFound(null)} />;
}
