'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { useUpdateProject } from '#components/projects/queries.ts';
import { Button } from '#components/ui/button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { showProblem } from '#components/ui/show-problem.ts';
import { createProjectBody, type ProjectWire } from '#lib/http/wire/project.ts';

const schema = z.object({
  connection_url: createProjectBody.shape.connection_url,
  pooled_connection_url: z.string().max(4096),
  rotator_url: z.string().max(4096),
});
type Values = z.infer<typeof schema>;

/** Gives the project another address, or the present password where somebody changed it outside. */
export function ChangeHostDialog({ project, onClose }: { project: ProjectWire; onClose: () => void }) {
  const update = useUpdateProject(project.id);
  const form = useForm<Values>({ resolver: zodResolver(schema), defaultValues: { connection_url: '', pooled_connection_url: '', rotator_url: '' } });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(({ connection_url: url, pooled_connection_url: pooled, rotator_url: rotator }) =>
    update
      .mutateAsync({
        connection_url: url.trim(),
        ...(pooled.trim() && { pooled_connection_url: pooled.trim() }),
        ...(rotator.trim() && { rotator_url: rotator.trim() }),
      })
      .then(onClose, (error: Error) => showProblem(form, error)),
  );
  const { role_name: role, database_name: database } = project;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      narrow
      title={`Move ${project.name} to another host or port`}
      description="Nothing is changed on either server. A job proves the login at the new place and finds out its rights."
      onSubmit={() => void submit()}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" className="max-sm:flex-1" busy={isSubmitting && 'Saving'}>
            Change host
          </Button>
        </>
      }
    >
      <div className="grid gap-4 p-5">
        {errors.root && (
          <Notice tone="danger" role="alert" title="Nothing was changed.">
            {errors.root.message}
          </Notice>
        )}
        <Field
          label="Connection URL"
          error={errors.connection_url?.message}
          hint={
            <>
              With its password. Now it is <code className="[overflow-wrap:anywhere]">{`${role} on ${project.public_host}:${project.direct_port}`}</code>. The
              same place with another password is fine too.
            </>
          }
        >
          <Input machine placeholder={`postgresql://${role}:password@host:5432/${database}`} {...form.register('connection_url')} />
        </Field>
        <Field label="Pooled URL" aside="optional" error={errors.pooled_connection_url?.message} hint="At another place the pooled URL has to be given again.">
          <Input machine placeholder={`postgresql://${role}:password@host:6432/${database}`} {...form.register('pooled_connection_url')} />
        </Field>
        <Field label="Rotator URL" aside="optional" error={errors.rotator_url?.message} hint="At another place the rotator login has to be given again.">
          <Input machine placeholder="postgresql://rotator:password@host:5432/postgres" {...form.register('rotator_url')} />
        </Field>
      </div>
    </Dialog>
  );
}
