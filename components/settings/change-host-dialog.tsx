'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { useUpdateProject } from '#components/data/projects.ts';
import { ConnectionSteps } from '#components/projects/connection-steps.tsx';
import { needsSecondPress, useConnectionTest } from '#components/projects/use-connection-test.ts';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';
import { showProblem } from '#components/ui/show-problem.ts';
import { createProjectBody, type ProjectWire } from '#lib/contract/project.ts';

const schema = z.object({
  connection_url: createProjectBody.shape.connection_url,
  pooled_connection_url: z.string().max(4096),
  rotator_url: z.string().max(4096),
});
type Values = z.infer<typeof schema>;

const fieldsOf = ({ connection_url: url, pooled_connection_url: pooled, rotator_url: rotator }: Values) => ({
  connection_url: url.trim(),
  ...(pooled.trim() && { pooled_connection_url: pooled.trim() }),
  ...(rotator.trim() && { rotator_url: rotator.trim() }),
});

/** Gives the project another address, or the present password where somebody changed it outside. */
export function ChangeHostDialog({ project, onClose }: { project: ProjectWire; onClose: () => void }) {
  const update = useUpdateProject(project.id);
  const form = useForm<Values>({ resolver: zodResolver(schema), defaultValues: { connection_url: '', pooled_connection_url: '', rotator_url: '' } });
  const { errors, isSubmitting } = form.formState;
  const test = useConnectionTest();
  const fields = fieldsOf(form.watch());
  const result = test.resultOf({ ...fields, project_id: project.id });
  const submit = form.handleSubmit(async (values) => {
    const given = fieldsOf(values);
    try {
      if (!(await test.mayAdd({ ...given, project_id: project.id }))) return;
      await update.mutateAsync(given);
      onClose();
    } catch (error) {
      showProblem(form, error as Error);
    }
  });
  const { role_name: role, database_name: database } = project;
  return (
    <FormDialog
      onClose={onClose}
      narrow
      title={`Change the URL of ${project.name}`}
      description="Nothing is changed on any server. The login is tested before it is saved."
      onSubmit={() => void submit()}
      action={needsSecondPress(result) ? 'Change it anyway' : 'Change URL'}
      busy={isSubmitting && (test.isTesting ? 'Testing the login' : 'Saving')}
      problem={errors.root?.message}
      problemTitle="Nothing was changed."
    >
      <Field
        label="Connection URL"
        error={errors.connection_url?.message}
        hint={
          <>
            With its password. Now it is <code className="[overflow-wrap:anywhere]">{`${role} on ${project.public_host}:${project.direct_port}`}</code>. The
            same address with the current password is fine too. If the password is lost, set one on the server first.
          </>
        }
      >
        <Input machine placeholder={`${project.engine}://${role}:password@host:${project.direct_port}/${database}`} {...form.register('connection_url')} />
      </Field>
      <Field label="Pooled URL" aside="optional" error={errors.pooled_connection_url?.message} hint="For another address, enter the pooled URL again.">
        <Input machine placeholder={`${project.engine}://${role}:password@host:6432/${database}`} {...form.register('pooled_connection_url')} />
      </Field>
      <Field
        label="Rotator URL"
        aside="optional"
        error={errors.rotator_url?.message}
        hint="A rotator serves one host and port only. For another one, enter its URL again."
      >
        <Input machine placeholder={`${project.engine}://rotator:password@host:${project.direct_port}/${database}`} {...form.register('rotator_url')} />
      </Field>
      {result && !isSubmitting && <ConnectionSteps result={result} fields={fields} failed="The URL was not changed: the login failed." />}
    </FormDialog>
  );
}
