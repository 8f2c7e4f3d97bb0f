'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { Controller, useForm } from 'react-hook-form';
import { z } from 'zod';
import { useCreateKey } from '#components/data/api-keys.ts';
import { useProjectChoices } from '#components/data/projects.ts';
import { useMe } from '#components/session/me.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Field, FieldError } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { DAY_MS } from '#components/ui/format-time.ts';
import { Input, Select } from '#components/ui/input.tsx';
import { showProblem } from '#components/ui/show-problem.ts';
import { type ApiKeyCreatedWire, createApiKeyBody } from '#lib/contract/account.ts';
import { ALL_SCOPES, type KeyScope, SCOPE_WORDS } from './key-words.ts';

interface ScopesFieldProps {
  value: KeyScope[];
  onChange: (value: KeyScope[]) => void;
  error: string | undefined;
}

/** What a key may: nothing that its maker may not. */
function ScopesField({ value, onChange, error }: ScopesFieldProps) {
  const held = useMe().principal.scopes;
  const toggle = (scope: KeyScope, isOn: boolean) => onChange(ALL_SCOPES.filter((one) => (one === scope ? isOn : value.includes(one))));
  return (
    <fieldset className="min-w-0">
      <legend className="label">Scopes</legend>
      <div className="grid gap-x-6 gap-y-2.5 rounded-md border border-line p-3 sm:grid-cols-2">
        {ALL_SCOPES.map((scope) => (
          <Checkbox
            key={scope}
            checked={value.includes(scope)}
            onChange={(isOn) => toggle(scope, isOn)}
            disabledReason={!held.includes(scope) && 'You may not do this yourself.'}
            className="!gap-2"
          >
            <code className="text-xs">{scope}</code>
            <span className="block text-xs text-ink-3">{SCOPE_WORDS[scope]}</span>
          </Checkbox>
        ))}
      </div>
      {error && <FieldError>{error}</FieldError>}
    </fieldset>
  );
}

/** Days to the end, as the select has them; empty: none. */
const LIFETIMES = [
  { days: '7', label: 'in 7 days' },
  { days: '30', label: 'in 30 days' },
  { days: '90', label: 'in 90 days' },
  { days: '365', label: 'in a year' },
  { days: '', label: 'never' },
];

const schema = z.object({ name: createApiKeyBody.shape.name, scopes: createApiKeyBody.shape.scopes, project_id: z.string(), expires_at: z.string() });
type Values = z.infer<typeof schema>;

interface CreateKeyDialogProps {
  /** Takes the new key: it is in this answer alone. */
  onKey: (made: ApiKeyCreatedWire) => void;
  onClose: () => void;
}

/** Makes a key: for what, what it may, where, and until when. */
export function CreateKeyDialog({ onKey, onClose }: CreateKeyDialogProps) {
  const create = useCreateKey();
  const projects = useProjectChoices() ?? [];
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: { name: '', scopes: ['projects:read', 'credentials:rotate'], project_id: '', expires_at: '90' },
  });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(({ name, scopes, project_id: projectId, expires_at: days }) =>
    create
      .mutateAsync({ name, scopes, project_id: projectId || null, expires_at: days ? new Date(Date.now() + Number(days) * DAY_MS).toISOString() : null })
      .then(
        (made) => {
          onKey(made);
          onClose();
        },
        (error: Error) => showProblem(form, error),
      ),
  );
  return (
    <FormDialog
      onClose={onClose}
      title="New API key"
      description="Give each client of Rekey a key of its own, so that each can be revoked separately."
      onSubmit={() => void submit()}
      footNote="The key is shown once. Only a hash is stored."
      action="Create the key"
      busy={isSubmitting && 'Creating the key'}
      problem={errors.root?.message}
      problemTitle="No key was created."
    >
      <Field label="Name" error={errors.name?.message} hint="What uses it, such as ci-rotate.">
        <Input autoComplete="off" {...form.register('name')} />
      </Field>
      <Controller
        control={form.control}
        name="scopes"
        render={({ field }) => <ScopesField value={field.value} onChange={field.onChange} error={errors.scopes?.message} />}
      />
      <div className="grid gap-5 sm:grid-cols-2">
        <Field label="Where" error={errors.project_id?.message} hint="A key limited to one project cannot create keys or reach sites.">
          <Select {...form.register('project_id')}>
            <option value="">All projects</option>
            {projects.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
        <Field label="Ends" error={errors.expires_at?.message} hint="If it is rotated before then, the new key lasts as long again.">
          <Select {...form.register('expires_at')}>
            {LIFETIMES.map(({ days, label }) => (
              <option key={days} value={days}>
                {label}
              </option>
            ))}
          </Select>
        </Field>
      </div>
    </FormDialog>
  );
}
