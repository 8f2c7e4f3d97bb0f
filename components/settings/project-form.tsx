'use client';

import { Controller, useForm } from 'react-hook-form';
import { useUpdateProject } from '#components/data/projects.ts';
import { parseTags, tagsText } from '#components/policies/policy-words.ts';
import { useChangeReason } from '#components/session/use-role-reason.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { lazyResolver } from '#components/ui/lazy-resolver.ts';
import { Notice } from '#components/ui/notice.tsx';
import { RadioCards } from '#components/ui/radio-cards.tsx';
import { showProblem } from '#components/ui/show-problem.ts';
import type { ProjectWire } from '#lib/contract/project.ts';
import type { ProjectValues } from './project-form-schema.ts';

const resolver = lazyResolver(() => import('./project-form-schema.ts').then(({ projectForm }) => projectForm));

const ENVIRONMENTS = [
  { value: 'production', title: 'Production', text: 'Rotating asks you to type the name.' },
  { value: 'non_production', title: 'Non-production', text: 'Rotating takes one press to confirm.' },
] as const;

/** Name and environment. */
export function ProjectForm({ project }: { project: ProjectWire }) {
  const update = useUpdateProject(project.id);
  const reason = useChangeReason();
  const values = { name: project.name, environment: project.environment, tags: tagsText(project.tags) };
  const form = useForm<ProjectValues>({ resolver, values, resetOptions: { keepDirtyValues: true } });
  const { errors, isDirty, isSubmitting } = form.formState;
  const submit = form.handleSubmit((next) =>
    update.mutateAsync({ ...next, tags: parseTags(next.tags) ?? {} }).then(
      ({ project: saved }) => form.reset({ name: saved.name, environment: saved.environment, tags: tagsText(saved.tags) }),
      (error: Error) => showProblem(form, error),
    ),
  );
  return (
    <Card>
      <form noValidate onSubmit={submit}>
        <div className="grid gap-5 p-4">
          {errors.root && (
            <Notice tone="danger" role="alert" title="Nothing was saved.">
              {errors.root.message}
            </Notice>
          )}
          <Field label="Name" error={errors.name?.message}>
            <Input autoComplete="off" {...form.register('name')} />
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
            label="Tags"
            aside="optional"
            error={errors.tags?.message}
            hint="Policies choose projects by them. Logins with the same pair tag never rotate in the same window."
          >
            <Input machine placeholder="env=production team=shop" {...form.register('tags')} />
          </Field>
        </div>
        <div className="flex justify-end gap-2 border-t border-line px-4 py-2.5">
          <Button
            type="submit"
            busy={isSubmitting && 'Saving'}
            disabledReason={reason || (!isDirty && 'There are no changes to save.')}
            className="max-sm:flex-1"
          >
            Save the project
          </Button>
        </div>
      </form>
    </Card>
  );
}
