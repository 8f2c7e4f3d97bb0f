'use client';

import { Check, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useForm } from 'react-hook-form';
import { useSetUp, useSetupState } from '#components/data/set-up.ts';
import { OneTimeLink } from '#components/sign-in/one-time-link.tsx';
import { PasswordHint } from '#components/sign-in/password-hint.tsx';
import { signInNew } from '#components/sign-in/sign-in-new.ts';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { Input } from '#components/ui/input.tsx';
import { KeyValue } from '#components/ui/key-value.tsx';
import { lazyResolver } from '#components/ui/lazy-resolver.ts';
import { Notice } from '#components/ui/notice.tsx';
import { showProblem } from '#components/ui/show-problem.ts';
import { Span } from '#components/ui/time.tsx';
import type { SetupStateWire } from '#lib/contract/setup.ts';

const resolver = lazyResolver(() => import('#lib/contract/setup.ts').then(({ setupBody }) => setupBody));

/** Makes the owner, then signs them in. */
function SetUpForm({ token }: { token: string }) {
  const setUp = useSetUp();
  const form = useForm({ resolver, defaultValues: { token, organization: '', email: '', password: '' } });
  const { errors, isSubmitting, isSubmitSuccessful } = form.formState;
  const length = form.watch('password').length;

  const submit = form.handleSubmit(async (body) => {
    try {
      await setUp.mutateAsync(body);
    } catch (error) {
      showProblem(form, error as Error);
      return;
    }
    await signInNew(body.email, body.password);
  });

  return (
    <form method="post" noValidate className="mt-6 grid gap-4" onSubmit={submit}>
      {(errors.root ?? errors.token) && (
        <Notice tone="danger" role="alert" title="The owner was not created.">
          {errors.root?.message ?? errors.token?.message}
        </Notice>
      )}
      <Field label="Organization" error={errors.organization?.message}>
        <Input autoComplete="organization" autoFocus {...form.register('organization')} />
      </Field>
      <Field label="Your email" error={errors.email?.message}>
        <Input type="email" autoComplete="username" {...form.register('email')} />
      </Field>
      <Field label="Password" error={errors.password?.message} hint={<PasswordHint length={length} />}>
        <Input type="password" autoComplete="new-password" {...form.register('password')} />
      </Field>
      <Button kind="primary" type="submit" className="mt-1 w-full" busy={(isSubmitting || isSubmitSuccessful) && 'Creating the owner'}>
        Create the owner
      </Button>
    </form>
  );
}

/** Whether what Rekey needs is there: its store, a worker, its key. */
function SetUpState({ state }: { state: SetupStateWire }) {
  const { store, workers } = state;
  return (
    <KeyValue
      className="mt-6 border-t border-line pt-3 text-xs"
      rows={[
        ['Store', <Line key="store" isOk>{`${store.kind === 'embedded' ? 'embedded ' : ''}PostgreSQL ${store.version}, answers`}</Line>],
        [
          'Worker',
          <Line key="worker" isOk={workers.count > 0}>
            {workers.count > 0 && workers.last_beat_at ? (
              <>
                {workers.count}, last heartbeat <Span since={workers.last_beat_at} /> ago
              </>
            ) : (
              'none is alive yet'
            )}
          </Line>,
        ],
        [
          'Encryption key',
          <Line key="key" isOk={state.encryption_key === 'given'}>
            {state.encryption_key === 'given' ? 'from the settings' : 'generated at the first start. Back it up.'}
          </Line>,
        ],
      ]}
    />
  );
}

function Line({ isOk, children }: { isOk: boolean; children: ReactNode }) {
  return (
    <span className="flex items-start gap-1.5">
      <Icon as={isOk ? Check : TriangleAlert} className={`mt-px !size-3.5 ${isOk ? 'text-ok-ink' : 'text-warn'}`} />
      <span>{children}</span>
    </span>
  );
}

/** The one-time set-up: the form while the link works, else why it does not. */
export function SetUp({ token }: { token: string }) {
  return (
    <OneTimeLink state={useSetupState(token)} refusal="This link does not open the setup.">
      {(state) => (
        <>
          <p className="mt-1 text-base text-ink-2">You opened the one-time link from the terminal. It makes you the owner and then stops working.</p>
          <SetUpForm token={token} />
          <SetUpState state={state} />
        </>
      )}
    </OneTimeLink>
  );
}
