'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { encode } from 'uqr';
import { useConfirmSecondFactor } from '#components/data/account.ts';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';
import { showProblem } from '#components/ui/show-problem.ts';
import { confirmSecondFactorBody, type SecondFactorBegunWire } from '#lib/contract/self.ts';

const QUIET_ZONE = 4;

/** A QR code, dark on white in either theme: not every camera reads the reverse. */
function QrCode({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { border: QUIET_ZONE });
  const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    <svg viewBox={`0 0 ${size} ${size}`} className="mx-auto w-48 rounded-md border border-line" role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={dark} fill="#000" />
    </svg>
  );
}

interface EnableDialogProps {
  begun: SecondFactorBegunWire;
  onEnabled: (recoveryCodes: string[]) => void;
  onClose: () => void;
}

/** Shows the secret to the app, and turns the second factor on once the app has given a code of it. */
export function EnableDialog({ begun: { secret, otpauth_uri: uri }, onEnabled, onClose }: EnableDialogProps) {
  const confirm = useConfirmSecondFactor();
  const form = useForm({ resolver: zodResolver(confirmSecondFactorBody), defaultValues: { code: '' } });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit((body) =>
    confirm.mutateAsync(body).then(
      ({ recovery_codes: codes }) => onEnabled(codes),
      (error: Error) => showProblem(form, error),
    ),
  );
  return (
    <FormDialog
      narrow
      title="Turn on the second factor"
      description="Scan the QR code with an authenticator app, then enter the code it shows. The second factor is off until then."
      action="Turn on"
      busy={isSubmitting && 'Checking the code'}
      problem={errors.root?.message}
      problemTitle="Nothing was changed."
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <QrCode text={uri} label="The secret as a QR code for the app" />
      <p className="text-xs text-ink-2">
        Without a camera, type this into the app: <code className="font-medium text-ink [overflow-wrap:anywhere]">{secret.match(/.{1,4}/g)?.join(' ')}</code>
      </p>
      <Field label="Code" error={errors.code?.message} hint="The six digits that the app shows now.">
        <Input machine inputMode="numeric" autoComplete="one-time-code" {...form.register('code')} />
      </Field>
    </FormDialog>
  );
}
