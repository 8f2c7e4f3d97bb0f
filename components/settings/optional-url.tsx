'use client';

import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useUpdateProject } from '#components/projects/queries.ts';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';
import { showProblem } from '#components/ui/show-problem.ts';
import type { ProjectWire } from '#lib/http/wire/project.ts';
import { useTargetReason } from './use-change-reason.ts';

interface OptionalUrlProps {
  project: ProjectWire;
  field: 'pooled_connection_url' | 'rotator_url';
  label: string;
  /** What is kept now, without its password; null where there is none. */
  present: string | null;
  placeholder: string;
  hint: string;
  remove: { title: string; text: string };
}

/** A URL that may be there. Saving it starts a check; what was kept is never shown again. */
export function OptionalUrl({ project, field, label, present, placeholder, hint, remove }: OptionalUrlProps) {
  const update = useUpdateProject(project.id);
  const reason = useTargetReason(project);
  const [asking, setAsking] = useState(false);
  const form = useForm({ defaultValues: { [field]: '' } as Record<typeof field, string> });
  const { errors, isDirty, isSubmitting } = form.formState;
  const submit = form.handleSubmit((values) =>
    update.mutateAsync({ [field]: values[field].trim() }).then(
      () => form.reset(),
      (error: Error) => showProblem(form, error),
    ),
  );
  const takeAway = () => update.mutate({ [field]: null }, { onSuccess: () => setAsking(false) });
  return (
    <form noValidate onSubmit={submit}>
      <Field
        label={label}
        aside={present === null ? 'none given' : <>now {present}</>}
        error={errors[field]?.message ?? errors.root?.message}
        hint={`${hint} Saving it has the login proven again.`}
      >
        <Input machine placeholder={placeholder} {...form.register(field)} />
      </Field>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button type="submit" size="small" busy={isSubmitting && 'Saving'} disabledReason={reason || (!isDirty && 'Paste a URL first.')}>
          {present === null ? `Add the ${label.toLowerCase().replace(' url', ' URL')}` : `Replace the ${label.toLowerCase().replace(' url', ' URL')}`}
        </Button>
        {present !== null && (
          <Button size="small" kind="danger-quiet" disabledReason={reason} onClick={() => setAsking(true)}>
            Take it away
          </Button>
        )}
      </div>
      {asking && (
        <FormDialog
          narrow
          title={remove.title}
          description={remove.text}
          onSubmit={takeAway}
          onClose={() => setAsking(false)}
          action="Take it away"
          danger
          busy={update.isPending && 'Saving'}
          problem={update.error?.message}
          problemTitle="Nothing was changed."
        />
      )}
    </form>
  );
}
