'use client';

import { Database } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useCreateProject } from '#components/data/projects.ts';
import { useOrganizationReason } from '#components/session/use-role-reason.ts';
import { Button } from '#components/ui/button.tsx';
import { Empty } from '#components/ui/empty.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { ApiProblem } from '#lib/contract/api-client.ts';
import { ConnectionSteps } from './connection-steps.tsx';
import { readConnectionUrl } from './read-connection-url.ts';
import { needsSecondPress, useConnectionTest } from './use-connection-test.ts';

/** Before the first database: one field, and what will not happen. */
export function OverviewEmpty() {
  const router = useRouter();
  const create = useCreateProject();
  const roleReason = useOrganizationReason('admin');
  const [url, setUrl] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const test = useConnectionTest();
  const fields = { connection_url: url.trim() };
  const result = test.resultOf(fields);
  const insists = needsSecondPress(result);

  const check = async () => {
    if (fields.connection_url === '') return setProblem('Paste the connection URL.');
    try {
      if (!(await test.mayAdd(fields))) return;
      const { project } = await create.mutateAsync({ name: readConnectionUrl(url)?.database || 'Database', ...fields });
      router.push(`/projects/${project.id}/connections`);
    } catch (error) {
      setProblem(urlError(error as Error));
    }
  };

  return (
    <>
      <h1 className="sr-only">Overview</h1>
      <Empty
        className="card mt-6 !py-14"
        icon={Database}
        tone="accent"
        title="No database yet"
        text="Paste the connection URL your application uses. Rekey logs in with it and shows what it may change. Nothing rotates until you request it."
      >
        <form
          method="post"
          noValidate
          className="mt-4 flex w-full max-w-[34rem] flex-col gap-2 text-left sm:flex-row"
          onSubmit={(event) => {
            event.preventDefault();
            void check();
          }}
        >
          <Field label="Connection URL" hideLabel className="flex-1" error={problem}>
            <Input
              machine
              value={url}
              placeholder="postgresql://role:password@host:5432/database"
              onChange={(event) => {
                setProblem(null);
                setUrl(event.target.value);
              }}
            />
          </Field>
          <Button
            kind={insists ? 'default' : 'primary'}
            type="submit"
            busy={(test.isTesting || create.isPending) && (test.isTesting ? 'Testing the login' : 'Adding')}
            disabledReason={roleReason}
          >
            {insists ? 'Add it anyway' : 'Check the login'}
          </Button>
        </form>
        {result && !create.isPending && (
          <div className="mt-4 w-full max-w-[34rem] text-left">
            <ConnectionSteps result={result} fields={fields} failed="The database was not added: the login failed." />
          </div>
        )}
        <p className="mt-3 !text-sm !text-ink-3">
          PostgreSQL, MariaDB or MySQL. The URL is encrypted before it is stored.
          <Link className="link mt-1 block" href="/projects/new">
            Add it with a pooler, a rotator or a certificate
          </Link>
          <Link className="link mt-1 block" href="/import">
            Import many from a CSV or JSON Lines file
          </Link>
        </p>
      </Empty>
    </>
  );
}

function urlError(error: Error): string {
  const fields = error instanceof ApiProblem ? Object.values(error.errors).flat() : [];
  return fields.length > 0 ? fields.join(' ') : error.message;
}
