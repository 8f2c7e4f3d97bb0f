'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useEffect, useRef, useState } from 'react';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { Button } from '#components/ui/button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { showProblem } from '#components/ui/show-problem.ts';
import { apiSend, setAskPerson } from '#lib/http/api-client.ts';
import { confirmBody } from '#lib/http/wire/self.ts';
import { useMe } from './me.tsx';

/** Asks for the password wherever a request was refused for a stale session; the request then goes on by itself. */
export function ConfirmDialog() {
  const [answer, setAnswer] = useState<((isConfirmed: boolean) => void) | null>(null);
  useEffect(() => {
    setAskPerson(
      () =>
        new Promise((resolve) => {
          setAnswer(() => (isConfirmed: boolean) => {
            setAnswer(null);
            resolve(isConfirmed);
          });
        }),
    );
    return () => setAskPerson(null);
  }, []);
  return answer && <OpenConfirmDialog onAnswer={answer} />;
}

function OpenConfirmDialog({ onAnswer }: { onAnswer: (isConfirmed: boolean) => void }) {
  const { principal } = useMe();
  const field = useRef<HTMLInputElement>(null);
  const form = useForm({ resolver: zodResolver(confirmBody), defaultValues: { password: '' } });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit((body) =>
    apiSend('POST', '/me/confirm', body, z.undefined()).then(
      () => onAnswer(true),
      (error: Error) => {
        showProblem(form, error);
        field.current?.select();
      },
    ),
  );
  const { ref, ...password } = form.register('password');
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onAnswer(false)}
      narrow
      firstFocus={field}
      title="Confirm it is you"
      description="Your password was given more than five minutes ago, and this needs it."
      footNote="What you asked for goes on by itself."
      onSubmit={() => void submit()}
      actions={
        <>
          <Button shortcut="Esc" onClick={() => onAnswer(false)}>
            Cancel
          </Button>
          <Button type="submit" kind="primary" className="max-sm:flex-1" busy={isSubmitting && 'Checking the password'}>
            Confirm
          </Button>
        </>
      }
    >
      <div className="grid gap-4 p-5">
        {errors.root && (
          <Notice tone="danger" role="alert" title="The password was not checked.">
            {errors.root.message}
          </Notice>
        )}
        {/* For password managers: whose password it is. */}
        <input type="email" autoComplete="username" value={principal.email ?? ''} readOnly hidden />
        <Field label={`Password of ${principal.email}`} error={errors.password?.message}>
          <Input
            type="password"
            autoComplete="current-password"
            {...password}
            ref={(element) => {
              ref(element);
              field.current = element;
            }}
          />
        </Field>
      </div>
    </Dialog>
  );
}
