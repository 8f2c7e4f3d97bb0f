'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import type { SecretPlace } from '#components/data/sites.ts';
import { useCreateSecret } from '#components/data/sites.ts';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input, Select, Textarea } from '#components/ui/input.tsx';
import { showProblem } from '#components/ui/show-problem.ts';
import { createSecretBody } from '#lib/contract/vector/secret.ts';

const schema = createSecretBody.extend({ place: z.string() });
type Values = z.infer<typeof schema>;

/** Adds a secret; its value is never shown again. */
export function SecretFormDialog({ places, onClose }: { places: readonly SecretPlace[]; onClose: () => void }) {
  const create = useCreateSecret();
  const form = useForm<Values>({ resolver: zodResolver(schema), defaultValues: { place: places[0]?.id ?? '', key: '', value: '' } });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(({ place, key, value }) =>
    create.mutateAsync({ environmentId: place || null, key, value }).then(onClose, (error: Error) => showProblem(form, error)),
  );
  return (
    <FormDialog
      onClose={onClose}
      narrow
      title="Add a secret"
      description="A variable for deployments."
      onSubmit={() => void submit()}
      footNote="It takes effect with the next deployment."
      action="Add the secret"
      busy={isSubmitting && 'Adding'}
      problem={errors.root?.message}
      problemTitle="The secret was not added."
    >
      <Field label="Scope">
        <Select {...form.register('place')}>
          {places.map(({ id, name }) => (
            <option key={id ?? ''} value={id ?? ''}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Key" error={errors.key?.message}>
        <Input machine placeholder="STRIPE_KEY" {...form.register('key')} />
      </Field>
      <Field label="Value" error={errors.value?.message} hint="Encrypted before it is stored, and never shown again.">
        <Textarea machine rows={3} {...form.register('value')} />
      </Field>
    </FormDialog>
  );
}
