'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { Button } from '#components/ui/button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input, Select, Textarea } from '#components/ui/input.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { showProblem } from '#components/ui/show-problem.ts';
import { createSecretBody } from '#lib/http/wire/vector/secret.ts';
import { useCreateSecret } from './queries.ts';
import type { SecretPlace } from './secrets-card.tsx';

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
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      narrow
      title="Add a secret"
      description="A variable that deployments are given."
      onSubmit={() => void submit()}
      footNote="What runs gets it with its next deployment."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" className="max-sm:flex-1" busy={isSubmitting && 'Adding'}>
            Add the secret
          </Button>
        </>
      }
    >
      <div className="grid gap-5 p-5">
        {errors.root && (
          <Notice tone="danger" role="alert" title="The secret was not added.">
            {errors.root.message}
          </Notice>
        )}
        <Field label="Where it counts">
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
      </div>
    </Dialog>
  );
}
