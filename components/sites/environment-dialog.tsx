'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { type ChangeEvent, useState } from 'react';
import { Controller, useForm } from 'react-hook-form';
import { z } from 'zod';
import { useCreateEnvironment, useUpdateEnvironment } from '#components/data/sites.ts';
import { ConnectionSteps } from '#components/projects/connection-steps.tsx';
import { needsSecondPress, useConnectionTest } from '#components/projects/use-connection-test.ts';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';
import { Switch } from '#components/ui/switch.tsx';
import { SecretDialog } from '#components/webhooks/secret-dialog.tsx';
import { createEnvironmentBody, type EnvironmentWire, isProductionByName } from '#lib/contract/vector/site.ts';
import { ReadUrlHint } from './read-url-hint.tsx';
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

const bodyOf = ({ connection_url: url, rotator_url: rotator, deploy_hook_url: hook, without_hook: isWithoutHook, ...values }: Values) => ({
  ...values,
  ...(url && { database: { connection_url: url, ...(rotator && { rotator_url: rotator }) } }),
  ...(hook && { deploy_hook_url: hook }),
  ...(isWithoutHook && { deploy_hook_url: null }),
});

interface EnvironmentDialogProps {
  siteId: string;
  /** The one that is changed; without it one is added. */
  environment?: EnvironmentWire;
  onClose: () => void;
}

/** Adds an environment, or changes one; with another deploy hook it ends with the secret that signs its calls. */
export function EnvironmentDialog({ siteId, environment, onClose }: EnvironmentDialogProps) {
  const create = useCreateEnvironment(siteId);
  const update = useUpdateEnvironment(environment?.id ?? '');
  const [saved, setSaved] = useState<{ secret: string; warning: string | null } | null>(null);
  const { name = '', is_production = false, deploy_hook_host: host = null, project_id: projectId = null } = environment ?? {};
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: { name, is_production, connection_url: '', rotator_url: '', deploy_hook_url: '', without_hook: false },
  });
  const { errors, isSubmitting, dirtyFields } = form.formState;
  const test = useConnectionTest();
  const { database } = bodyOf(form.watch());
  const result = database ? test.resultOf(database) : null;
  const submit = form.handleSubmit(async (values) => {
    const body = bodyOf(values);
    try {
      if (body.database && !(await test.mayAdd(body.database))) return;
      const { deploy_hook_secret: secret, deploy_hook_warning: warning = null } = (await (environment ? update : create).mutateAsync(body)).data;
      if (secret === undefined) onClose();
      else setSaved({ secret, warning });
    } catch (error) {
      showDatabaseProblem(form, error as Error);
    }
  });
  if (saved) return <SecretDialog {...saved} onClose={onClose} ifLost="enter the hook again: it gets another secret" />;
  return (
    <FormDialog
      onClose={onClose}
      title={environment ? `Edit ${name}` : 'Add an environment'}
      description={environment ? 'Its name, its deploy hook, and a database if it has none.' : 'Something the site deploys to, with a database of its own.'}
      onSubmit={() => void submit()}
      footNote={projectId === null && 'Nothing on the server is changed: Rekey logs in and checks what it may do.'}
      action={needsSecondPress(result) ? 'Save it anyway' : environment ? 'Save' : 'Add the environment'}
      busy={isSubmitting && (test.isTesting ? 'Testing the login' : environment ? 'Saving' : 'Adding')}
      problem={errors.root?.message}
      problemTitle={environment ? 'Nothing was changed.' : 'The environment was not added.'}
    >
      <Field label="Name" error={errors.name?.message}>
        <Input
          autoComplete="off"
          placeholder="Production"
          {...form.register('name', {
            // What it is called says it, until somebody says otherwise.
            onChange: ({ target }: ChangeEvent<HTMLInputElement>) => {
              if (!environment && !dirtyFields.is_production) form.setValue('is_production', isProductionByName(target.value));
            },
          })}
        />
      </Field>
      <Controller
        control={form.control}
        name="is_production"
        render={({ field }) => (
          <Switch checked={field.value} onChange={(on) => form.setValue('is_production', on, { shouldDirty: true })}>
            Visitors are served from here
          </Switch>
        )}
      />
      {projectId === null && (
        <>
          <Field label="Connection URL" aside="optional" error={errors.connection_url?.message} hint={<ReadUrlHint url={form.watch('connection_url')} />}>
            <Input machine placeholder="mysql://user:password@host:3306/database" {...form.register('connection_url')} />
          </Field>
          <Field
            label="Rotator URL"
            aside="optional"
            error={errors.rotator_url?.message}
            hint="Another login that may change this user’s password. MariaDB needs one to keep two passwords valid."
          >
            <Input machine placeholder="mysql://rotator:password@host:3306/database" {...form.register('rotator_url')} />
          </Field>
        </>
      )}
      {result && database && !isSubmitting && <ConnectionSteps result={result} fields={database} failed="The database was not added: the login failed." />}
      <Field
        label="Deploy hook"
        aside="optional"
        error={errors.deploy_hook_url?.message}
        hint={
          host === null
            ? 'The URL that starts a deployment. Its calls are signed with a secret that is shown once.'
            : `Leave it empty to keep the one at ${host}. A new one gets a new signing secret, which is shown once.`
        }
      >
        <Input machine type="url" placeholder="https://deploy.example.com/hook" disabled={form.watch('without_hook')} {...form.register('deploy_hook_url')} />
      </Field>
      {host !== null && (
        <Controller
          control={form.control}
          name="without_hook"
          render={({ field }) => (
            <Checkbox checked={field.value} onChange={field.onChange}>
              <b className="font-medium">Remove the deploy hook</b>
              <span className="block text-xs text-ink-2">Deployments are then marked by hand.</span>
            </Checkbox>
          )}
        />
      )}
    </FormDialog>
  );
}
