'use client';

import type { RefObject } from 'react';
import type { FieldError, UseFormRegisterReturn } from 'react-hook-form';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { useMe } from './me.tsx';
import { useSecondFactor } from './queries.ts';

interface OwnPasswordFieldProps {
  /** What the password is called here. */
  label: string;
  password: UseFormRegisterReturn;
  error: FieldError | undefined;
  /** Is given the password's control. */
  control: RefObject<HTMLInputElement | null>;
}

/** The person's current password. */
export function OwnPasswordField({ label, password: { ref, ...password }, error, control }: OwnPasswordFieldProps) {
  return (
    <Field label={label} error={error?.message}>
      <Input
        type="password"
        autoComplete="current-password"
        {...password}
        ref={(element) => {
          ref(element);
          control.current = element;
        }}
      />
    </Field>
  );
}

interface OwnPasswordFieldsProps extends Omit<OwnPasswordFieldProps, 'error'> {
  code: UseFormRegisterReturn;
  errors: { password?: FieldError; code?: FieldError };
}

/** The signed-in person's password, and a code where the second factor is on. */
export function OwnPasswordFields({ label, password, code, errors, control }: OwnPasswordFieldsProps) {
  const { principal } = useMe();
  const hasFactor = useSecondFactor().data?.is_on === true;
  return (
    <>
      {/* For password managers: whose password it is. */}
      <input type="email" autoComplete="username" value={principal.email ?? ''} readOnly hidden />
      <OwnPasswordField label={label} password={password} error={errors.password} control={control} />
      {hasFactor && (
        <Field label="Code" error={errors.code?.message} hint="The six digits that your app shows now, or a recovery code.">
          <Input machine autoComplete="one-time-code" {...code} />
        </Field>
      )}
    </>
  );
}
