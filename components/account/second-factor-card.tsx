'use client';

import { Check, Copy, ShieldCheck, Smartphone } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useCallback, useState } from 'react';
import { useBeginSecondFactor, useDisableSecondFactor, useRenewRecoveryCodes } from '#components/data/account.ts';
import { useStaleReason } from '#components/session/live.tsx';
import { useSecondFactor } from '#components/session/queries.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { ListProblem } from '#components/ui/list-problem.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';
import { Time } from '#components/ui/time.tsx';
import { useCopy } from '#components/ui/use-copy.ts';
import type { SecondFactorBegunWire, SecondFactorWire } from '#lib/contract/self.ts';

/** Shows the recovery codes once. They are gone when it closes. */
function RecoveryCodesDialog({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const { copied, copy } = useCopy(useCallback(async () => codes.join('\n'), [codes]));
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      narrow
      staysOpen
      title="Keep these recovery codes"
      description="Each lets you sign in once without the app. They are shown only once: store them apart from your phone. Earlier ones stop working."
      actions={
        <Button kind="primary" className="max-sm:flex-1" onClick={onClose}>
          I have stored them
        </Button>
      }
    >
      <div className="grid justify-items-start gap-4 p-5">
        <ol className="mono grid w-full gap-x-6 gap-y-1 sm:grid-cols-2" aria-label="Recovery codes">
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ol>
        <Button size="small" onClick={() => void copy()}>
          <Icon as={copied ? Check : Copy} />
          <span aria-live="polite">{copied ? 'Copied' : 'Copy all ten'}</span>
        </Button>
      </div>
    </Dialog>
  );
}

/** Asks once before the password alone is enough again. */
function DisableDialog({ onClose }: { onClose: () => void }) {
  const disable = useDisableSecondFactor();
  return (
    <FormDialog
      narrow
      danger
      title="Turn off the second factor"
      description="Your password alone then signs you in. The secret in your app and all recovery codes stop working."
      action="Turn off"
      busy={disable.isPending && 'Turning it off'}
      problem={disable.error?.message}
      problemTitle="The second factor is still on."
      onSubmit={() => disable.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}

// Loaded when it is opened first.
const EnableDialog = dynamic(() => import('./enable-dialog.tsx').then((module) => module.EnableDialog));

/** Whether the second factor is on, and its ways on and off. */
export function SecondFactorCard() {
  const { data: factor, error, isFetching, refetch } = useSecondFactor();
  if (factor) return <SecondFactor factor={factor} />;
  return (
    <Card title="Second factor">
      {error ? <ListProblem error={error} isAsking={isFetching} onRetry={() => void refetch()} /> : <RowsSkeleton label="Loading your second factor" />}
    </Card>
  );
}

function SecondFactor({ factor }: { factor: SecondFactorWire }) {
  const reason = useStaleReason();
  const begin = useBeginSecondFactor();
  const renew = useRenewRecoveryCodes();
  const [begun, setBegun] = useState<SecondFactorBegunWire | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const [isEnding, setIsEnding] = useState(false);
  const error = begin.error ?? renew.error;
  const { is_on: isOn, since, recovery_codes_left: left } = factor;
  return (
    <Card title={isOn ? 'On' : 'Off'}>
      <div className="flex flex-wrap items-center gap-3 p-4">
        <Icon as={isOn ? ShieldCheck : Smartphone} className="text-ink-3" />
        <p className="min-w-0 flex-1 basis-64 text-ink-2">
          {isOn && since ? (
            <>
              On since <Time at={since} style="day" />. {left === 1 ? '1 recovery code is' : `${left} recovery codes are`} left. Each lets you sign in once
              without the app.
            </>
          ) : (
            'Your password alone signs you in. With a second factor, someone who learns it still cannot.'
          )}
        </p>
        {isOn ? (
          <>
            <Button
              size="small"
              disabledReason={reason}
              busy={renew.isPending && 'Creating them'}
              onClick={() => renew.mutate(undefined, { onSuccess: ({ recovery_codes: made }) => setCodes(made) })}
            >
              New recovery codes
            </Button>
            <Button size="small" kind="danger-quiet" disabledReason={reason} onClick={() => setIsEnding(true)}>
              Turn off
            </Button>
          </>
        ) : (
          <Button
            kind="primary"
            className="max-sm:w-full"
            disabledReason={reason}
            busy={begin.isPending && 'Creating a secret'}
            onClick={() => begin.mutate(undefined, { onSuccess: setBegun })}
          >
            Turn on
          </Button>
        )}
      </div>
      {error && (
        <div className="px-4 pb-4">
          <Notice tone="danger" role="alert" title="Nothing was changed.">
            {error.message}
          </Notice>
        </div>
      )}
      {begun && (
        <EnableDialog
          begun={begun}
          onEnabled={(made) => {
            setBegun(null);
            setCodes(made);
          }}
          onClose={() => setBegun(null)}
        />
      )}
      {codes && <RecoveryCodesDialog codes={codes} onClose={() => setCodes(null)} />}
      {isEnding && <DisableDialog onClose={() => setIsEnding(false)} />}
    </Card>
  );
}
