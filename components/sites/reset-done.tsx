'use client';

import { useCallback, useState } from 'react';
import { useJob } from '#components/data/projects.ts';
import type { ResetTarget } from '#components/data/reset-target.ts';
import type { ResetAnswer } from '#components/data/sites.ts';
import { Button, ButtonLink } from '#components/ui/button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { KeyValue } from '#components/ui/key-value.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ProofLine } from '#components/ui/proof-line.tsx';
import { SecretField } from '#components/ui/secret-field.tsx';
import { Time } from '#components/ui/time.tsx';
import type { RotationWire } from '#lib/contract/job.ts';

interface ResetDoneProps {
  of: ResetTarget;
  reset: ResetAnswer;
  onClose: () => void;
}

/** The result of a reset, with the new password shown once. It is gone when this closes. */
export function ResetDone({ of, reset: { isDone, password, jobId, current, retiring, valid, breaks }, onClose }: ResetDoneProps) {
  const [isShown, setIsShown] = useState(false);
  const rotation = useJob(jobId).data?.rotation ?? null;
  const copy = useCallback(async () => password, [password]);
  const isRunning = !isDone;
  const hasPassword = password !== null;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      narrow
      staysOpen={hasPassword}
      title={isRunning ? 'The reset is still in progress' : 'The password was reset'}
      description={
        isRunning
          ? 'Rekey continues on its own; the old password is kept until the new one has logged in.'
          : hasPassword
            ? 'The new password is shown only once: copy it to everything that logs in with it.'
            : 'Your role does not read passwords: ask an owner or admin for the new one.'
      }
      actions={
        <>
          <ButtonLink href={`/projects/${of.projectId}/activity/${jobId}`}>{isRunning ? 'Watch' : 'See the proofs'}</ButtonLink>
          <Button kind="primary" className="max-sm:flex-1" onClick={onClose}>
            {hasPassword ? 'I have stored it' : 'Close'}
          </Button>
        </>
      }
    >
      {!isRunning && (
        <div className="grid gap-4 p-5">
          <ProofLine tone={retiring ? 'info' : 'ok'} title={retiring ? 'Both passwords work.' : 'Only the new password works.'}>
            {current && `v${current.version} logged in`}
            {current?.proven_at && (
              <>
                {' '}
                at <Time at={current.proven_at} />
              </>
            )}
            {retiring ? (
              `. ${valid
                .filter(({ why }) => why !== 'current')
                .map(({ version, reason }) => `v${version} still works: ${reason}.`)
                .join(' ')}`
            ) : (
              <Refused rotation={rotation} />
            )}
          </ProofLine>
          {breaks !== null && (
            <Notice tone="warn" title="This breaks what runs.">
              {breaks}
            </Notice>
          )}
          {hasPassword && (
            <SecretField
              label="new password"
              secret={isShown ? password : null}
              onReveal={() => setIsShown(true)}
              onHide={() => setIsShown(false)}
              onCopy={copy}
            />
          )}
          {of.kind === 'development' && (
            <KeyValue
              rows={[
                ['File', <ConfigFact key="file" path={of.path} rotation={rotation} />],
                ['Connections', connectionsFact(rotation)],
              ]}
            />
          )}
        </div>
      )}
    </Dialog>
  );
}

function Refused({ rotation }: { rotation: RotationWire | null }) {
  const old = rotation?.proofs.old?.direct;
  if (!rotation || old?.verdict !== 'refused') return '.';
  return (
    <>
      {' '}
      and v{rotation.from_version} was rejected at <Time at={old.at} />.
    </>
  );
}

function ConfigFact({ path, rotation }: { path: string | null; rotation: RotationWire | null }) {
  if (path === null) return <>none is named for this site: write it there yourself</>;
  const written = rotation?.steps.find(({ kind }) => kind === 'config_written');
  const others = Array.isArray(written?.detail.also_in) ? written.detail.also_in.map(String) : [];
  return (
    <>
      <code className="[overflow-wrap:anywhere]">{path}</code> {written && 'was updated'}
      {others.length > 0 && (
        <>
          . The old password is also in <code className="[overflow-wrap:anywhere]">{others.join(', ')}</code>
        </>
      )}
    </>
  );
}

function connectionsFact(rotation: RotationWire | null): string {
  const count = rotation?.steps.find(({ kind }) => kind === 'sessions_ended')?.detail.count;
  if (count === 0) return 'none was open';
  if (count === 1) return '1 was closed';
  return typeof count === 'number' ? `${count} were closed` : 'see the proofs';
}
