'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { OctagonX } from 'lucide-react';
import { Controller, useForm } from 'react-hook-form';
import { z } from 'zod';
import { useCreateEndpoint, useUpdateEndpoint } from '#components/data/webhooks.ts';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { Input } from '#components/ui/input.tsx';
import { RadioCards } from '#components/ui/radio-cards.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { showProblem } from '#components/ui/show-problem.ts';
import { createWebhookEndpointBody, DIALECTS, EVENT_PATTERNS, type WebhookEndpointWire } from '#lib/contract/webhook.ts';

/** `webhook.test` is sent only on request, so nobody subscribes to it. */
const CHOICES = EVENT_PATTERNS.filter((pattern) => pattern !== '*' && !pattern.startsWith('webhook.'));
const ALL = ['*'];
/** The usual first choice. */
const FIRST_CHOICE = ['credentials.rotated', 'job.failed'];

interface EventTypesFieldProps {
  value: string[];
  onChange: (value: string[]) => void;
  error: string | undefined;
}

/** All events, or chosen ones; `job.*` means all that begin so. */
function EventTypesField({ value, onChange, error }: EventTypesFieldProps) {
  const isAll = value.includes('*');
  const toggle = (pattern: string, isOn: boolean) => onChange(isOn ? [...value, pattern] : value.filter((one) => one !== pattern));
  return (
    <fieldset className="min-w-0">
      <legend className="label">Events</legend>
      <Segmented
        label="Events"
        value={isAll ? 'all' : 'chosen'}
        onChange={(next) => onChange(next === 'all' ? ALL : FIRST_CHOICE)}
        options={[
          { value: 'all', label: 'All events' },
          { value: 'chosen', label: 'Selected events' },
        ]}
      />
      {!isAll && (
        <div className="mt-2.5 grid gap-x-6 gap-y-2 rounded-md border border-line p-3 sm:grid-cols-2">
          {CHOICES.map((pattern) => (
            <Checkbox key={pattern} checked={value.includes(pattern)} onChange={(isOn) => toggle(pattern, isOn)} className="!gap-2">
              <code className="text-xs [overflow-wrap:anywhere]">{pattern}</code>
            </Checkbox>
          ))}
        </div>
      )}
      {error && (
        <p className="mt-1.5 flex items-start gap-1.5 text-xs text-danger-ink" role="alert">
          <Icon as={OctagonX} className="mt-px !size-3.5" />
          {error}
        </p>
      )}
    </fieldset>
  );
}

const schema = z.object({
  dialect: z.enum(DIALECTS),
  url: createWebhookEndpointBody.shape.url,
  event_types: createWebhookEndpointBody.shape.event_types.unwrap(),
  description: z.string().trim().max(200),
});
type Values = z.infer<typeof schema>;

const DIALECT_CARDS = [
  { value: 'standard', title: 'Standard Webhooks', text: 'Signed JSON. Six attempts within eight hours.' },
  { value: 'vector', title: 'Vector', text: 'Its headers and signature. Five attempts within half an hour.' },
  { value: 'capydb', title: 'CapyDB', text: 'Its headers and signature. Eight attempts within a day.' },
  { value: 'slack', title: 'Slack', text: 'Readable messages in a channel. No secret.' },
] as const;

export interface SavedEndpoint {
  /** Of a new one, if it has one. */
  secret: string | null;
  /** Why it will not be called as things stand. */
  warning: string | null;
}

interface EndpointDialogProps {
  /** The one to change; null: a new one is added. */
  endpoint: WebhookEndpointWire | null;
  onSaved: (saved: SavedEndpoint) => void;
  onClose: () => void;
}

/** Adds an endpoint, or changes one; its dialect stays what it was. */
export function EndpointDialog({ endpoint, onSaved, onClose }: EndpointDialogProps) {
  const create = useCreateEndpoint();
  const update = useUpdateEndpoint(endpoint?.id ?? '');
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: {
      dialect: endpoint?.dialect ?? 'standard',
      url: endpoint?.url ?? '',
      event_types: endpoint?.event_types ?? ['*'],
      description: endpoint?.description ?? '',
    },
  });
  const { errors, isSubmitting } = form.formState;
  const save = async ({ dialect, ...values }: Values) => {
    const body = { ...values, description: values.description || null };
    if (endpoint) {
      const { warning = null } = await update.mutateAsync(body);
      return onSaved({ secret: null, warning });
    }
    const { plaintext_secret: secret, warning = null } = await create.mutateAsync({ ...body, dialect });
    onSaved({ secret, warning });
  };
  const submit = form.handleSubmit((values) => save(values).then(onClose, (error: Error) => showProblem(form, error)));
  const isSlack = form.watch('dialect') === 'slack';
  return (
    <FormDialog
      onClose={onClose}
      title={endpoint ? 'Change the endpoint' : 'Add an endpoint'}
      description="It receives each event at least once, in no fixed order. Events never contain a password."
      onSubmit={() => void submit()}
      footNote="A private address must be in REKEY_OUTBOUND_ALLOW. Redirects are not followed."
      action={endpoint ? 'Save the endpoint' : 'Add the endpoint'}
      busy={isSubmitting && 'Saving'}
      problem={errors.root?.message}
      problemTitle="Nothing was changed."
    >
      {!endpoint && (
        <div>
          <p className="label">Format</p>
          <Controller
            control={form.control}
            name="dialect"
            render={({ field }) => (
              <RadioCards label="Format" value={field.value} onChange={field.onChange} options={DIALECT_CARDS} className="sm:grid-cols-2" />
            )}
          />
        </div>
      )}
      <Field
        label={isSlack ? 'URL of the incoming webhook' : 'URL'}
        error={errors.url?.message}
        hint={isSlack && 'From Slack, under Incoming Webhooks. Anyone who has it can post to the channel.'}
      >
        <Input machine type="url" placeholder={isSlack ? 'https://hooks.slack.com/services/…' : 'https://hooks.example.com/rekey'} {...form.register('url')} />
      </Field>
      <Controller
        control={form.control}
        name="event_types"
        render={({ field }) => <EventTypesField value={field.value} onChange={field.onChange} error={errors.event_types?.message} />}
      />
      <Field label="Description" aside="optional" error={errors.description?.message}>
        <Input autoComplete="off" placeholder="Deploys the reports" {...form.register('description')} />
      </Field>
    </FormDialog>
  );
}
