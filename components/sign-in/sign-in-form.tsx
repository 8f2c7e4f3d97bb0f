'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { signIn } from 'next-auth/react';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';

const credentials = z.object({
  email: z.string().trim().min(1, 'Give your email address.'),
  password: z.string().min(1, 'Give your password.'),
});

/** Why it did not work, by the status of the answer. */
function refusal(status: number | undefined): string {
  if (status === 401) return 'Email or password is wrong.';
  if (status === 429) return 'Too many tries. Wait a quarter of an hour, then try again; the account is not changed.';
  return 'Rekey could not check the password. Its database or the server did not answer; try again in a moment.';
}

/** Signs in and goes on to `next`, a path on this site. */
export function SignInForm({ next }: { next: string }) {
  const form = useForm({ resolver: zodResolver(credentials), defaultValues: { email: '', password: '' } });
  const { errors, isSubmitting, isSubmitSuccessful } = form.formState;

  const submit = form.handleSubmit(async (values) => {
    const answer = await signIn('credentials', { ...values, redirect: false }).catch(() => undefined);
    if (answer?.ok && !answer.error) {
      // A whole load, so that nothing of somebody else's session is left in memory.
      window.location.assign(next);
      return;
    }
    form.setError('password', { message: refusal(answer?.status) }, { shouldFocus: true });
  });

  return (
    <form method="post" noValidate className="mt-6 grid gap-4" onSubmit={submit}>
      <Field label="Email" error={errors.email?.message}>
        <Input type="email" autoComplete="username" autoFocus {...form.register('email')} />
      </Field>
      <Field label="Password" error={errors.password?.message}>
        <Input type="password" autoComplete="current-password" {...form.register('password')} />
      </Field>
      <Button kind="primary" type="submit" className="mt-1 w-full" busy={(isSubmitting || isSubmitSuccessful) && 'Checking the password'}>
        Sign in
      </Button>
    </form>
  );
}
