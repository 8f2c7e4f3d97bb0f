'use client';

import { useForm } from 'react-hook-form';
import { useSetUp } from '#components/data/set-up.ts';
import { PasswordHint } from '#components/sign-in/password-hint.tsx';
import { signInNew } from '#components/sign-in/sign-in-new.ts';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { lazyResolver } from '#components/ui/lazy-resolver.ts';
import { Notice } from '#components/ui/notice.tsx';
import { showProblem } from '#components/ui/show-problem.ts';

const resolver = lazyResolver(() => import('#lib/contract/setup.ts').then(({ setupBody }) => setupBody));

/** Makes the owner, then signs them in. */
export function SetUpForm({ token }: { token: string }) {
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
