'use client';

import { useForm } from 'react-hook-form';
import { useJoin, useJoinState } from '#components/data/join.ts';
import { OneTimeLink } from '#components/sign-in/one-time-link.tsx';
import { PasswordHint } from '#components/sign-in/password-hint.tsx';
import { signInNew } from '#components/sign-in/sign-in-new.ts';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { lazyResolver } from '#components/ui/lazy-resolver.ts';
import { Notice } from '#components/ui/notice.tsx';
import { showProblem } from '#components/ui/show-problem.ts';

const resolver = lazyResolver(() => import('#lib/contract/member.ts').then(({ joinBody }) => joinBody));

/** Makes the member, then signs them in. */
function JoinForm({ token, email }: { token: string; email: string }) {
  const join = useJoin();
  const form = useForm({ resolver, defaultValues: { token, name: '', password: '' } });
  const { errors, isSubmitting, isSubmitSuccessful } = form.formState;
  const submit = form.handleSubmit(async (body) => {
    try {
      await join.mutateAsync(body);
    } catch (error) {
      showProblem(form, error as Error);
      return;
    }
    await signInNew(email, body.password);
  });
  return (
    <form method="post" noValidate className="mt-6 grid gap-4" onSubmit={submit}>
      {(errors.root ?? errors.token) && (
        <Notice tone="danger" role="alert" title="You have not joined.">
          {errors.root?.message ?? errors.token?.message}
        </Notice>
      )}
      {/* For password managers: whose password it is. */}
      <input type="email" autoComplete="username" value={email} readOnly hidden />
      <Field label="Your name" error={errors.name?.message}>
        <Input autoComplete="name" autoFocus {...form.register('name')} />
      </Field>
      <Field label="Password" error={errors.password?.message} hint={<PasswordHint length={form.watch('password').length} />}>
        <Input type="password" autoComplete="new-password" {...form.register('password')} />
      </Field>
      <Button kind="primary" type="submit" className="mt-1 w-full" busy={(isSubmitting || isSubmitSuccessful) && 'Joining'}>
        Join
      </Button>
    </form>
  );
}

/** An invitation's link: the form while it works, else why it does not. */
export function Join({ token }: { token: string }) {
  return (
    <OneTimeLink state={useJoinState(token)} refusal="This invitation does not work.">
      {({ organization, email, role, invited_by: by }) => (
        <>
          <p className="mt-1 text-base text-ink-2">
            {by} invites you to {organization} as {role}. You will sign in as <b className="font-medium text-ink">{email}</b>.
          </p>
          <JoinForm token={token} email={email} />
        </>
      )}
    </OneTimeLink>
  );
}
