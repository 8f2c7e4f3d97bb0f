'use client';

import { type FormEvent, type ReactNode, useState } from 'react';
import { useForm } from 'react-hook-form';
import { useUpdateProject } from '#components/data/projects.ts';
import { useTargetReason } from '#components/session/use-role-reason.ts';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';
import { showProblem } from '#components/ui/show-problem.ts';
import type { ProjectWire } from '#lib/contract/project.ts';

interface OptionalUrlProps {
  project: ProjectWire;
  field: 'pooled_connection_url' | 'rotator_url';
  label: string;
  /** What is kept now, without its password; null where there is none. */
  present: string | null;
  placeholder: string;
  hint: string;
  remove: { title: string; text: string };
  /** What is asked before a new one is saved; null: it is saved at once. */
  confirm?: { title: string; text: ReactNode } | null;
}

/** A URL that may be there. Saving it starts a check; what was kept is never shown again. */
export function OptionalUrl({ project, field, label, present, placeholder, hint, remove, confirm = null }: OptionalUrlProps) {
  const update = useUpdateProject(project.id);
  const reason = useTargetReason(project);
  const [asking, setAsking] = useState<'save' | 'remove' | null>(null);
  const form = useForm({ defaultValues: { [field]: '' } as Record<typeof field, string> });
  const { errors, isDirty, isSubmitting } = form.formState;
  const save = form.handleSubmit((values) =>
    update.mutateAsync({ [field]: values[field].trim() }).then(
      () => form.reset(),
      (error: Error) => showProblem(form, error),
    ),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (confirm) setAsking('save');
    else void save();
  };
  const takeAway = () => update.mutate({ [field]: null }, { onSuccess: () => setAsking(null) });
  return (
    <form noValidate onSubmit={submit}>
      <Field
        label={label}
        aside={present === null ? 'none given' : <>now {present}</>}
        error={errors[field]?.message ?? errors.root?.message}
        hint={`${hint} Saving it starts a connection check.`}
      >
        <Input machine placeholder={placeholder} {...form.register(field)} />
      </Field>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button type="submit" size="small" busy={isSubmitting && 'Saving'} disabledReason={reason || (!isDirty && 'Paste a URL first.')}>
          {present === null ? `Add the ${label.toLowerCase().replace(' url', ' URL')}` : `Replace the ${label.toLowerCase().replace(' url', ' URL')}`}
        </Button>
        {present !== null && (
          <Button size="small" kind="danger-quiet" disabledReason={reason} onClick={() => setAsking('remove')}>
            Remove
          </Button>
        )}
      </div>
      {asking === 'save' && confirm && (
        <FormDialog
          narrow
          title={confirm.title}
          description={confirm.text}
          onSubmit={() => void save().then(() => setAsking(null))}
          onClose={() => setAsking(null)}
          action="Save the rotator"
          busy={isSubmitting && 'Checking'}
          problem={undefined}
          problemTitle="Nothing was changed."
        />
      )}
      {asking === 'remove' && (
        <FormDialog
          narrow
          title={remove.title}
          description={remove.text}
          onSubmit={takeAway}
          onClose={() => setAsking(null)}
          action="Remove"
          danger
          busy={update.isPending && 'Saving'}
          problem={update.error?.message}
          problemTitle="Nothing was changed."
        />
      )}
    </form>
  );
}
