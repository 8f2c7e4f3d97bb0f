'use client';

import { useRouter } from 'next/navigation';
import { Controller, type UseFormReturn, useForm } from 'react-hook-form';
import { useCreatePolicy, usePreview, useUpdatePolicy } from '#components/data/policies.ts';
import { useChangeReason } from '#components/session/use-role-reason.ts';
import { Button, ButtonLink } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input, Select, Textarea } from '#components/ui/input.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { RadioCards } from '#components/ui/radio-cards.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { useDebounced } from '#components/ui/use-debounced.ts';
import { ApiProblem } from '#lib/contract/api-client.ts';
import type { PolicyWire } from '#lib/contract/policy.ts';
import { type FormValues, toBody, toPreview, toValues } from './form-values.ts';
import { TEMPLATES } from './policy-words.ts';
import { PreviewCard } from './preview-card.tsx';
import { RecipientsCard } from './recipients-card.tsx';
import { WindowsField } from './windows-field.tsx';

const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

/** Where a refusal names a field that the form has under another name. */
const FIELD_OF: Record<string, keyof FormValues> = {
  name: 'name',
  max_age_days: 'age',
  cron: 'cron',
  windows: 'windows',
  time_zone: 'zone',
  blackouts: 'blackouts',
  grace_hours: 'grace',
  tag_rule: 'tagRule',
};

function show(form: UseFormReturn<FormValues>, error: Error): void {
  const fields = error instanceof ApiProblem ? Object.entries(error.errors) : [];
  const known = fields.flatMap(([field, [message = '']]) => {
    const name = FIELD_OF[field.split('.')[0] ?? ''];
    return name ? [{ name, message }] : [];
  });
  for (const { name, message } of known) form.setError(name, { message });
  if (known.length === 0) form.setError('root', { message: error.message });
}

/** A policy that is being written or changed, with the next five runs beside it. */
export function PolicyForm({ policy, template }: { policy?: PolicyWire; template?: string | undefined }) {
  const router = useRouter();
  const [create, update] = [useCreatePolicy(), useUpdatePolicy()];
  const reason = useChangeReason();
  const from = TEMPLATES.find(({ id }) => id === template);
  const form = useForm<FormValues>({ defaultValues: toValues(policy ?? { name: from?.name ?? '', ...(from ?? TEMPLATES[0])?.body }) });
  const { errors, isSubmitting } = form.formState;
  const values = form.watch();
  const preview = usePreview(useDebounced(toPreview(values), 300));
  const save = form.handleSubmit(async (next) => {
    const body = toBody(next);
    if (body === null) return form.setError('tagRule', { message: 'Write conditions as env=production or team!=payments, with a space between.' });
    try {
      await (policy ? update.mutateAsync({ id: policy.id, ...body }) : create.mutateAsync(body));
      router.push('/policies');
    } catch (error) {
      show(form, error as Error);
    }
  });
  return (
    <form noValidate onSubmit={save} className="mt-5 grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_24rem]">
      <div className="grid min-w-0 gap-4">
        {errors.root && (
          <Notice tone="danger" role="alert" title="Nothing was saved.">
            {errors.root.message}
          </Notice>
        )}
        <Card title="Rule">
          <div className="grid gap-4 p-4">
            <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
              <Field label="Name" error={errors.name?.message}>
                <Input autoComplete="off" {...form.register('name')} />
              </Field>
              {!policy && (
                <Field label="Start from a template">
                  <Select
                    defaultValue={from?.id ?? TEMPLATES[0]?.id}
                    onChange={({ target }) => {
                      const chosen = TEMPLATES.find(({ id }) => id === target.value);
                      if (chosen) form.reset(toValues({ name: chosen.name, ...chosen.body, time_zone: form.getValues('zone') }));
                    }}
                  >
                    {TEMPLATES.map(({ id, name }) => (
                      <option key={id} value={id}>
                        {name}
                      </option>
                    ))}
                  </Select>
                </Field>
              )}
            </div>
            <div>
              <p className="label">Rotate by</p>
              <Controller
                control={form.control}
                name="by"
                render={({ field }) => (
                  <Segmented
                    label="Rotate by"
                    value={field.value}
                    onChange={field.onChange}
                    options={[
                      { value: 'age', label: 'Maximum age' },
                      { value: 'cron', label: 'Cron expression' },
                    ]}
                  />
                )}
              />
              {values.by === 'age' ? (
                <Field
                  className="mt-3"
                  label="Maximum age in days"
                  error={errors.age?.message}
                  hint="Each login rotates in the last window before it reaches this age."
                >
                  <Input className="num !w-24" inputMode="numeric" {...form.register('age')} />
                </Field>
              ) : (
                <Field
                  className="mt-3"
                  label="Cron expression"
                  error={errors.cron?.message}
                  hint="Minute, hour, day of month, month and day of week, in the time zone below."
                >
                  <Input machine className="!w-60" {...form.register('cron')} />
                </Field>
              )}
            </div>
          </div>
        </Card>
        <Card title="Maintenance windows" aside="local time in the zone below">
          <div className="grid gap-4 p-4">
            <Controller control={form.control} name="windows" render={({ field }) => <WindowsField value={field.value} onChange={field.onChange} />} />
            {errors.windows && (
              <Notice tone="danger" role="alert" title="Nothing was saved.">
                {errors.windows.message}
              </Notice>
            )}
            <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
              <Field label="Time zone" error={errors.zone?.message}>
                <Select {...form.register('zone')}>
                  {ZONES.map((zone) => (
                    <option key={zone}>{zone}</option>
                  ))}
                </Select>
              </Field>
              <Field label="If a window is missed">
                <Select {...form.register('whenMissed')}>
                  <option value="wait">Report it and wait for the next window</option>
                  <option value="run">Report it and run when a worker is back</option>
                </Select>
              </Field>
            </div>
            <Field
              label="Blackout dates"
              aside="optional"
              error={errors.blackouts?.message}
              hint="One date or range a line: 2026-12-19 to 2027-01-02. Nothing rotates on these dates."
            >
              <Textarea machine rows={2} {...form.register('blackouts')} />
            </Field>
          </div>
        </Card>
        <Card title="How each login rotates">
          <div className="grid gap-4 p-4">
            <Choice form={form} name="spread" label="Start in the window" options={SPREAD} />
            <Choice form={form} name="sessions" label="Open sessions" options={SESSIONS} />
            <Field label="Hours that the old password stays valid" error={errors.grace?.message} hint="0 to 720. MariaDB and MySQL with a rotator only.">
              <Input className="num !w-24" inputMode="numeric" {...form.register('grace')} />
            </Field>
          </div>
        </Card>
      </div>
      <div className="grid gap-4 lg:sticky lg:top-16 lg:col-start-2 lg:row-span-2 lg:row-start-1">
        <PreviewCard
          title="Next five runs"
          aside="of a password that changes today"
          rule={toPreview(values)}
          runs={preview.data?.runs}
          problem={preview.error?.message}
          foot={`All times ${values.zone}. Change the rule and the preview follows.`}
        />
        <Card title="Applies to">
          <div className="grid gap-3 p-4">
            <Field
              label="Tag rule"
              aside="optional"
              error={errors.tagRule?.message}
              hint="Projects with these tags. Without a rule, set the policy on each project."
            >
              <Input machine placeholder="env=production team!=payments" {...form.register('tagRule')} />
            </Field>
            {typeof preview.data?.matches === 'number' && (
              <p>
                <b className="num text-lg font-semibold">{preview.data.matches}</b>{' '}
                <span className="text-ink-2">{preview.data.matches === 1 ? 'login matches.' : 'logins match.'} Those with a policy of their own keep it.</span>
              </p>
            )}
            <Controller
              control={form.control}
              name="isDefault"
              render={({ field }) => (
                <Checkbox checked={field.value} onChange={field.onChange}>
                  Default of the organization
                  <span className="block text-xs text-ink-3">Applies to every login that no other policy applies to.</span>
                </Checkbox>
              )}
            />
          </div>
        </Card>
        <Controller control={form.control} name="notify" render={({ field }) => <RecipientsCard value={field.value} onChange={field.onChange} />} />
      </div>
      <div className="sticky bottom-0 z-10 -mx-1 flex flex-wrap items-center gap-2 border-t border-line bg-canvas px-1 py-3 lg:col-start-1">
        <p className="min-w-0 flex-1 basis-60 text-xs text-ink-2">
          {policy
            ? `Saving moves the next run of ${policy.logins === 1 ? '1 login' : `${policy.logins} logins`}. Nothing rotates now.`
            : 'Nothing rotates now.'}
        </p>
        <ButtonLink href="/policies">Cancel</ButtonLink>
        <Button type="submit" kind="primary" className="max-sm:flex-1" busy={isSubmitting && 'Saving'} disabledReason={reason}>
          Save policy
        </Button>
      </div>
    </form>
  );
}

const SPREAD = [
  { value: 'spread', title: 'Spread over the window', text: 'Each login keeps the same start time.' },
  { value: 'at-once', title: 'All when the window opens', text: 'Finishes early, with more load on each server.' },
] as const;
const SESSIONS = [
  { value: 'keep', title: 'Keep them open', text: 'Nothing disconnects. Sessions end when applications restart.' },
  { value: 'close', title: 'Close them after the change', text: 'Running queries are canceled. Poolers reconnect.' },
] as const;

interface ChoiceProps<N extends 'spread' | 'sessions'> {
  form: UseFormReturn<FormValues>;
  name: N;
  label: string;
  options: readonly { value: FormValues[N]; title: string; text: string }[];
}

function Choice<N extends 'spread' | 'sessions'>({ form, name, label, options }: ChoiceProps<N>) {
  return (
    <div>
      <p className="label">{label}</p>
      <Controller
        control={form.control}
        name={name}
        render={({ field }) => (
          <RadioCards
            label={label}
            value={field.value as FormValues[N] & string}
            onChange={field.onChange}
            options={options as readonly { value: FormValues[N] & string; title: string; text: string }[]}
            className="sm:grid-cols-2"
          />
        )}
      />
    </div>
  );
}
