'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { Controller, useForm } from 'react-hook-form';
import { z } from 'zod';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';
import { Switch } from '#components/ui/switch.tsx';
import { SecretDialog } from '#components/webhooks/secret-dialog.tsx';
import { createEnvironmentBody } from '#lib/http/wire/vector/site.ts';
import { DatabaseFields } from './database-fields.tsx';
import { useCreateEnvironment } from './queries.ts';
import { showDatabaseProblem } from './show-database-problem.ts';

const schema = z.object({
  name: createEnvironmentBody.shape.name,
  is_production: z.boolean(),
  connection_url: z.string().trim().max(4096),
  rotator_url: z.string().trim().max(4096),
  deploy_hook_url: z.union([z.literal(''), createEnvironmentBody.shape.deploy_hook_url.unwrap().unwrap()]),
});
type Values = z.infer<typeof schema>;

/** Adds an environment; with a deploy hook, it ends with the secret that signs its calls. */
export function EnvironmentDialog({ siteId, onClose }: { siteId: string; onClose: () => void }) {
  const create = useCreateEnvironment(siteId);
  const [secret, setSecret] = useState<string | null>(null);
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: { name: '', is_production: false, connection_url: '', rotator_url: '', deploy_hook_url: '' },
  });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(({ name, is_production, connection_url: url, rotator_url: rotator, deploy_hook_url: hook }) =>
    create
      .mutateAsync({
        name,
        is_production,
        ...(url && { database: { connection_url: url, ...(rotator && { rotator_url: rotator }) } }),
        ...(hook && { deploy_hook_url: hook }),
      })
      .then(
        ({ data: { deploy_hook_secret: made } }) => (made === undefined ? onClose() : setSecret(made)),
        (error: Error) => showDatabaseProblem(form, error),
      ),
  );
  if (secret !== null) return <SecretDialog secret={secret} onClose={onClose} ifLost="give the hook again: it gets another secret" />;
  return (
    <FormDialog
      onClose={onClose}
      title="Add an environment"
      description="A place that the site deploys to, with a database of its own."
      onSubmit={() => void submit()}
      footNote="Nothing on the server is changed: Rekey logs in and finds out what it may do."
      action="Add the environment"
      busy={isSubmitting && 'Adding'}
      problem={errors.root?.message}
      problemTitle="The environment was not added."
    >
      <Field label="Name" error={errors.name?.message}>
        <Input autoComplete="off" placeholder="Production" {...form.register('name')} />
      </Field>
      <Controller
        control={form.control}
        name="is_production"
        render={({ field }) => (
          <Switch checked={field.value} onChange={field.onChange}>
            Visitors are served from here
          </Switch>
        )}
      />
      <DatabaseFields
        url={form.watch('connection_url')}
        connection={form.register('connection_url')}
        rotator={form.register('rotator_url')}
        errors={[errors.connection_url?.message, errors.rotator_url?.message]}
      />
      <Field
        label="Deploy hook"
        aside="optional"
        error={errors.deploy_hook_url?.message}
        hint="The URL that starts a deployment. Its calls are signed with a secret that is shown once."
      >
        <Input machine type="url" placeholder="https://deploy.example.com/hook" {...form.register('deploy_hook_url')} />
      </Field>
    </FormDialog>
  );
}
