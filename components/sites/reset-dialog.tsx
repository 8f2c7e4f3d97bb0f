'use client';

import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import type { ResetTarget } from '#components/data/reset-target.ts';
import { type ResetAnswer, useReset } from '#components/data/sites.ts';
import { REASON_LABELS, type Reason } from '#components/proofs/reasons.ts';
import { Button, ButtonLink } from '#components/ui/button.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Select } from '#components/ui/input.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ApiProblem } from '#lib/contract/api-client.ts';
import { ResetDone } from './reset-done.tsx';

/** What a reset does to those who hold the old password, before it is asked for. */
function WhatResets({ of, endsNow }: { of: ResetTarget; endsNow: boolean }) {
  return (
    <ul className="grid list-disc gap-1 pl-5 text-ink-2">{of.kind === 'development' ? <Development of={of} /> : <Environment of={of} endsNow={endsNow} />}</ul>
  );
}

function Development({ of: { version, path } }: { of: ResetTarget & { kind: 'development' } }) {
  return (
    <>
      <li>v{version} is refused as soon as the new password has logged in.</li>
      {path === null ? (
        <li>No wp-config.php or .env is named for this site: write the new password there yourself.</li>
      ) : (
        <li>
          <code className="[overflow-wrap:anywhere]">{path}</code> gets the new password. If it cannot be written, nothing changes.
        </li>
      )}
      <li>Open connections are closed, and everything that holds the old password must be updated.</li>
    </>
  );
}

function Environment({ of: { version }, endsNow }: { of: ResetTarget; endsNow: boolean }) {
  return endsNow ? (
    <>
      <li>v{version} is refused as soon as the new password has logged in.</li>
      <li>Open connections continue.</li>
    </>
  ) : (
    <>
      <li>The running deployment keeps the old password until it is redeployed: both work until then.</li>
      <li>The next deployment that succeeds carries the new one, and only then the old one ends.</li>
      <li>Open connections continue.</li>
    </>
  );
}

/** Asks before a database gets a new password, and then shows it once. */
export function ResetDialog({ of, onClose }: { of: ResetTarget; onClose: () => void }) {
  const reset = useReset(of);
  const [reason, setReason] = useState<Reason>('routine');
  const [isAtOnce, setIsAtOnce] = useState(false);
  const [done, setDone] = useState<ResetAnswer | null>(null);
  if (done) return <ResetDone of={of} reset={done} onClose={onClose} />;
  const endsNow = of.kind === 'environment' && reason === 'compromise' && isAtOnce;
  // While the answer is on its way it stays open: the password comes with it and nowhere else.
  const close = () => !reset.isPending && onClose();
  const submit = () => !reset.isPending && reset.mutate({ reason, ...(endsNow && { retire_now: true }) }, { onSuccess: setDone });
  const jobId = reset.error instanceof ApiProblem ? reset.error.jobId : null;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      narrow
      title="Reset password"
      description={
        <>
          The user <code>{of.user}</code> of {of.kind === 'development' ? 'the development database' : of.name} gets a new password, which works at once.
        </>
      }
      onSubmit={submit}
      actions={
        <>
          <Button disabledReason={reset.isPending && 'The reset is in progress; its answer holds the password.'} onClick={close}>
            Cancel
          </Button>
          <Button type="submit" kind={endsNow ? 'danger' : 'primary'} icon={KeyRound} className="max-sm:flex-1" busy={reset.isPending && 'Resetting'}>
            Reset password
          </Button>
        </>
      }
    >
      <div className="grid gap-4 p-5">
        {reset.error && (
          <Notice
            tone="danger"
            role="alert"
            title="The reset did not complete."
            action={
              jobId && (
                <ButtonLink size="small" href={`/projects/${of.projectId}/activity/${jobId}`}>
                  See why
                </ButtonLink>
              )
            }
          >
            {reset.error.message}
          </Notice>
        )}
        <WhatResets of={of} endsNow={endsNow} />
        <Field label="Reason">
          <Select value={reason} onChange={({ target }) => setReason(target.value as Reason)}>
            {Object.entries(REASON_LABELS).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        </Field>
        {of.kind === 'environment' && reason === 'compromise' && (
          <Checkbox checked={isAtOnce} onChange={setIsAtOnce}>
            <b className="font-medium">End v{of.version} at once</b>
            <span className="block text-xs text-ink-2">What runs in {of.name} uses it: new connections are rejected until it is redeployed.</span>
          </Checkbox>
        )}
      </div>
    </Dialog>
  );
}
