'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { useRemoveConsumer, useSaveConsumer } from '#components/data/consumers.ts';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input, Select } from '#components/ui/input.tsx';
import { showProblem } from '#components/ui/show-problem.ts';
import { type ConsumerKind, type ConsumerWire, consumerKind, createConsumerBody } from '#lib/contract/consumer.ts';
import { CONSUMER_KINDS } from './consumer-kinds.ts';

const schema = z.object({ name: createConsumerBody.shape.name, kind: consumerKind, owner: z.string().max(120), note: z.string().max(300) });
type Values = z.infer<typeof schema>;

interface ConsumerDialogProps {
  projectId: string;
  /** The one to change; null: a new one is written down. */
  consumer: ConsumerWire | null;
  onClose: () => void;
}

/** Writes down who holds the URL, or changes what is written. */
export function ConsumerDialog({ projectId, consumer, onClose }: ConsumerDialogProps) {
  const save = useSaveConsumer(projectId, consumer?.id ?? null);
  const remove = useRemoveConsumer(projectId);
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: { name: consumer?.name ?? '', kind: consumer?.kind ?? 'cron_job', owner: consumer?.owner ?? '', note: consumer?.note ?? '' },
  });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit((values) => save.mutateAsync(values).then(onClose, (error: Error) => showProblem(form, error)));
  const takeOff = () => consumer && remove.mutate(consumer.id, { onSuccess: onClose, onError: (error) => showProblem(form, error) });
  return (
    <FormDialog
      onClose={onClose}
      narrow
      title={consumer ? `Change ${consumer.name}` : 'Add a manual consumer'}
      description="Something that holds the URL and that Rekey cannot update. It is on the checklist after each rotation."
      onSubmit={() => void submit()}
      action={consumer ? 'Save the consumer' : 'Add the consumer'}
      extra={
        consumer && (
          <Button kind="danger-quiet" busy={remove.isPending && 'Removing it'} onClick={takeOff}>
            Remove from the list
          </Button>
        )
      }
      busy={isSubmitting && 'Saving'}
      problem={errors.root?.message}
      problemTitle="Nothing was changed."
    >
      <Field label="What it is" error={errors.kind?.message}>
        <Select {...form.register('kind')}>
          {(Object.keys(CONSUMER_KINDS) as ConsumerKind[]).map((kind) => (
            <option key={kind} value={kind}>
              {CONSUMER_KINDS[kind].label}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Name" error={errors.name?.message}>
        <Input autoComplete="off" placeholder="Nightly report" {...form.register('name')} />
      </Field>
      <Field label="Owner" aside="optional" error={errors.owner?.message}>
        <Input autoComplete="off" placeholder="ops@example.com" {...form.register('owner')} />
      </Field>
      <Field label="Note" aside="optional" error={errors.note?.message} hint="Where it is and what to do there. Never a password.">
        <Input autoComplete="off" placeholder="cron on vm-reports, runs at 02:00" {...form.register('note')} />
      </Field>
    </FormDialog>
  );
}
