'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { Controller, useForm } from 'react-hook-form';
import { z } from 'zod';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';
import { Switch } from '#components/ui/switch.tsx';
import { SecretDialog } from '#components/webhooks/secret-dialog.tsx';
import { createEnvironmentBody, type EnvironmentWire } from '#lib/http/wire/vector/site.ts';
import { DatabaseFields } from './database-fields.tsx';
import { useUpdateEnvironment } from './queries.ts';
import { showDatabaseProblem } from './show-database-problem.ts';

const schema = z.object({
  name: createEnvironmentBody.shape.name,
  is_production: z.boolean(),
  connection_url: z.string().trim().max(4096),
  rotator_url: z.string().trim().max(4096),
  deploy_hook_url: z.union([z.literal(''), createEnvironmentBody.shape.deploy_hook_url.unwrap().unwrap()]),
  without_hook: z.boolean(),
});
type Values = z.infer<typeof schema>;

/** Changes an environment's name and its deploy hook, and gives it a database where it has none. Another hook gets another secret. */
export function EditEnvironmentDialog({ environment, onClose }: { environment: EnvironmentWire; onClose: () => void }) {
  const { id, name, is_production, deploy_hook_host: host, project_id: projectId } = environment;
  const update = useUpdateEnvironment(id);
  const [secret, setSecret] = useState<string | null>(null);
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: { name, is_production, connection_url: '', rotator_url: '', deploy_hook_url: '', without_hook: false },
  });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(({ connection_url: url, rotator_url: rotator, deploy_hook_url: hook, without_hook: isWithoutHook, ...values }) =>
    update
      .mutateAsync({
        ...values,
        ...(url && { database: { connection_url: url, ...(rotator && { rotator_url: rotator }) } }),
        ...(hook && { deploy_hook_url: hook }),
        ...(isWithoutHook && { deploy_hook_url: null }),
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
      title={`Edit ${name}`}
      description="Its name, its deploy hook, and a database where it has none."
      onSubmit={() => void submit()}
      action="Save"
      busy={isSubmitting && 'Saving'}
      problem={errors.root?.message}
      problemTitle="Nothing was changed."
    >
      <Field label="Name" error={errors.name?.message}>
        <Input autoComplete="off" {...form.register('name')} />
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
      {projectId === null && (
        <DatabaseFields
          url={form.watch('connection_url')}
          connection={form.register('connection_url')}
          rotator={form.register('rotator_url')}
          errors={[errors.connection_url?.message, errors.rotator_url?.message]}
        />
      )}
      <Field
        label="Deploy hook"
        aside="optional"
        error={errors.deploy_hook_url?.message}
        hint={`${host === null ? 'The URL that starts a deployment.' : `Leave it empty to keep the one at ${host}.`} The calls of another one are signed with another secret, which is shown once.`}
      >
        <Input machine type="url" placeholder="https://deploy.example.com/hook" disabled={form.watch('without_hook')} {...form.register('deploy_hook_url')} />
      </Field>
      {host !== null && (
        <Controller
          control={form.control}
          name="without_hook"
          render={({ field }) => (
            <Checkbox checked={field.value} onChange={field.onChange}>
              <b className="font-medium">Take the deploy hook away</b>
              <span className="block text-xs text-ink-2">From then on deployments are marked by hand.</span>
            </Checkbox>
          )}
        />
      )}
    </FormDialog>
  );
}
