'use client';

import { Database } from 'lucide-react';
import { useRouter } from 'next/navigation';
import type { ChangeEvent } from 'react';
import { Controller, useForm } from 'react-hook-form';
import { useCreateProject } from '#components/data/projects.ts';
import { useStaleReason } from '#components/session/live.tsx';
import { useOrganizationReason } from '#components/session/use-role-reason.ts';
import { Button, ButtonLink } from '#components/ui/button.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input, Select, Textarea } from '#components/ui/input.tsx';
import { lazyResolver } from '#components/ui/lazy-resolver.ts';
import { Notice } from '#components/ui/notice.tsx';
import { RadioCards } from '#components/ui/radio-cards.tsx';
import { showProblem } from '#components/ui/show-problem.ts';
import type { AdoptValues } from './adopt-form-schema.ts';
import { adoptDefaults, NEEDS_CA, toCreateBody, toTestBody } from './adopt-values.ts';
import { ConnectionSteps } from './connection-steps.tsx';
import { readConnectionUrl } from './read-connection-url.ts';
import { needsSecondPress, useConnectionTest } from './use-connection-test.ts';

const ENVIRONMENTS = [
  { value: 'production', title: 'Production', text: 'Rotating asks you to type the name.' },
  { value: 'non_production', title: 'Non-production', text: 'Rotating takes one press to confirm.' },
] as const;

const resolver = lazyResolver(() => import('./adopt-form-schema.ts').then(({ adoptForm }) => adoptForm));

/** Adopts a database that is running. Nothing is rotated. */
export function AdoptForm() {
  const router = useRouter();
  const create = useCreateProject();
  const staleReason = useStaleReason();
  const roleReason = useOrganizationReason('admin');
  const form = useForm<AdoptValues>({ resolver, defaultValues: adoptDefaults });
  const { errors, dirtyFields } = form.formState;
  const [url, sslMode] = form.watch(['connection_url', 'ssl_mode']);
  const read = readConnectionUrl(url);

  const test = useConnectionTest();
  const fields = toTestBody(form.watch());
  const result = test.resultOf(fields);
  const insists = needsSecondPress(result);
  const isBusy = form.formState.isSubmitting;

  const add = async (values: AdoptValues) => {
    try {
      if (!(await test.mayAdd(toTestBody(values)))) return;
      const { project } = await create.mutateAsync(toCreateBody(values));
      router.push(`/projects/${project.id}/connections`);
    } catch (error) {
      showProblem(form, error as Error);
    }
  };
  const submit = form.handleSubmit(add);

  return (
    <div className="mx-auto max-w-form">
      <h1>Add a database</h1>
      <p className="mt-0.5 text-base text-balance text-ink-2">
        Rekey logs in with this URL and shows what it may change. Nothing rotates until you request it.
      </p>
      <form method="post" noValidate className="card mt-5 grid gap-5 p-4 sm:p-5" onSubmit={submit}>
        {errors.root && (
          <Notice tone="danger" role="alert" title="The database was not added.">
            {errors.root.message}
          </Notice>
        )}
        <Field
          label="Connection URL"
          error={errors.connection_url?.message}
          hint={
            read ? (
              <>
                Role <code>{read.role}</code> on{' '}
                <code className="break-all">
                  {read.host}:{read.port}
                </code>
                , database <code>{read.database || '?'}</code>. The URL is encrypted before it is stored.
              </>
            ) : (
              'The one your application uses, with its password. It is encrypted before it is stored.'
            )
          }
        >
          <Input
            machine
            autoFocus
            placeholder="postgresql://role:password@host:5432/database"
            {...form.register('connection_url', {
              // While the URL is typed, not when it is left: somebody may be typing the name by then.
              onChange: (event: ChangeEvent<HTMLInputElement>) => {
                if (!dirtyFields.name) form.setValue('name', readConnectionUrl(event.target.value)?.database ?? '');
              },
            })}
          />
        </Field>
        <Field label="Name" error={errors.name?.message}>
          <Input autoComplete="off" placeholder="shop" {...form.register('name')} />
        </Field>
        <div>
          <p className="label">Environment</p>
          <Controller
            control={form.control}
            name="environment"
            render={({ field }) => (
              <RadioCards label="Environment" value={field.value} onChange={field.onChange} options={ENVIRONMENTS} className="sm:grid-cols-2" />
            )}
          />
        </div>
        <Field
          label="Pooled URL"
          aside="optional"
          error={errors.pooled_connection_url?.message}
          hint="The same login through PgBouncer or another pooler. It may have its own user and database name. A new password is then verified there too."
        >
          <Input machine placeholder="postgresql://role:password@host:6432/database" {...form.register('pooled_connection_url')} />
        </Field>
        <Field
          label="Rotator URL"
          aside="optional"
          error={errors.rotator_url?.message}
          hint="Another login at the same address that may change this role's password, and the passwords of all logins there. Without it the role changes its own."
        >
          <Input machine placeholder="postgresql://rotator:password@host:5432/postgres" {...form.register('rotator_url')} />
        </Field>
        <Field label="TLS" error={errors.ssl_mode?.message}>
          <Select {...form.register('ssl_mode')}>
            <option value="">As the URL says</option>
            <option value="disable">Off</option>
            <option value="prefer">If the server offers it</option>
            <option value="require">Always, certificate not checked</option>
            <option value="verify-ca">Always, certificate checked</option>
            <option value="verify-full">Always, certificate and host name checked</option>
          </Select>
        </Field>
        {NEEDS_CA.has(sslMode) && (
          <Field
            label="CA certificates"
            aside="optional"
            error={errors.ca_pem?.message}
            hint="In PEM, one or several. Without them the public authorities are trusted."
          >
            <Textarea machine rows={5} placeholder="-----BEGIN CERTIFICATE-----" {...form.register('ca_pem')} />
          </Field>
        )}
        <Controller
          control={form.control}
          name="allows_md5"
          render={({ field }) => (
            <Checkbox checked={field.value} onChange={field.onChange}>
              Allow MD5 without a proven server
              <span className="block text-xs text-ink-3">
                Needed only where PostgreSQL asks for MD5 and offers no TLS. Anyone who can read or redirect the connection can then guess the password.
              </span>
            </Checkbox>
          )}
        />
        {result && !isBusy && <ConnectionSteps result={result} fields={fields} failed="The database was not added: the login failed." />}
        <div className="-mx-4 -mb-4 flex flex-wrap items-center gap-2 rounded-b-lg border-t border-line bg-canvas px-4 py-3 sm:-mx-5 sm:-mb-5 sm:px-5">
          <p className="min-w-0 flex-1 basis-60 text-xs text-ink-3 max-sm:basis-full">
            The login is tested first. The password stays as it is: this only adds it to the list.
          </p>
          <ButtonLink href="/">Cancel</ButtonLink>
          <Button
            kind={insists ? 'default' : 'primary'}
            type="submit"
            icon={Database}
            className="max-sm:flex-1"
            busy={isBusy && (test.isTesting ? 'Testing the login' : 'Adding')}
            disabledReason={staleReason || roleReason}
          >
            {insists ? 'Add it anyway' : 'Add the database'}
          </Button>
        </div>
      </form>
    </div>
  );
}
