'use client';

import { KeyRound } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { ManualConsumersNotice } from '#components/consumers/manual-consumers-notice.tsx';
import { useHolders } from '#components/data/consumers.ts';
import { useIntegrationsOfLogin } from '#components/data/integrations.ts';
import { useJobs, useRotate } from '#components/data/projects.ts';
import { AutomaticUpdates } from '#components/integrations/automatic-updates.tsx';
import { REASON_LABELS, type Reason } from '#components/proofs/reasons.ts';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { Loading, SkeletonBar } from '#components/ui/skeleton.tsx';
import { useNow } from '#components/ui/time.tsx';
import { ApiProblem } from '#lib/contract/api-client.ts';
import type { ProjectWire } from '#lib/contract/project.ts';
import { HowItGoes } from './how-it-goes.tsx';
import { nextVersion } from './next-version.ts';
import { type SessionsChoice, SessionsFields } from './sessions-fields.tsx';

const DAY_MS = 86_400_000;

/** What a rotation changes in the URL, and what stays. */
function WhatChanges({ project, toVersion }: { project: ProjectWire; toVersion: number }) {
  const now = useNow();
  const { version, created_at: createdAt } = project.credential;
  const days = now === null ? null : Math.floor((now.getTime() - Date.parse(createdAt)) / DAY_MS);
  const host = project.public_host.includes(':') ? `[${project.public_host}]` : project.public_host;
  return (
    <section aria-labelledby="what-changes">
      <h3 id="what-changes" className="font-semibold">
        What changes
      </h3>
      <p className="secret mt-2 !h-9">
        <code>
          postgresql://{project.role_name}:
          <span className="rounded-xs bg-accent-tint px-1 font-medium text-accent-ink">
            v{version} → v{toVersion}
          </span>
          @{host}:{project.direct_port}/{project.database_name}
        </code>
      </p>
      <p className="hint">
        Only the password of <code>{project.role_name}</code>. Host, ports, database and role name stay.
      </p>
      <p className="hint">
        v{version} {days === null || days < 1 ? 'came to Rekey today' : `is ${days === 1 ? '1 day' : `${days} days`} old`} and ends as soon as v{toVersion} has
        logged in.
      </p>
    </section>
  );
}

interface RotateDialogProps {
  project: ProjectWire;
  onClose: () => void;
}

const REASONS = (Object.entries(REASON_LABELS) as [Reason, string][]).map(([value, label]) => ({ value, label }));

/** Says what a rotation changes, asks how, and starts it. Closed, it forgets what was typed. */
export function RotateDialog({ project, onClose }: RotateDialogProps) {
  const router = useRouter();
  const rotate = useRotate(project.id);
  const [reason, setReason] = useState<Reason>('routine');
  const [chosen, setChosen] = useState<SessionsChoice | null>(null);
  const [note, setNote] = useState('');
  const [typed, setTyped] = useState('');

  const toVersion = nextVersion(project.credential.version, useJobs(project.id).data ?? []);
  const isProduction = project.environment === 'production';
  const isConfirmed = !isProduction || typed === project.name;
  const mayEndSessions = project.rights?.may_end_sessions !== false;
  const sessions = chosen ?? (reason === 'compromise' && mayEndSessions ? 'close' : 'keep');

  const submit = () => {
    if (!isConfirmed || rotate.isPending) return;
    const body = { reason, close_sessions: sessions === 'close', ...(note.trim() && { note: note.trim() }) };
    rotate.mutate(body, {
      onSuccess: ({ job }) => {
        onClose();
        router.push(`/projects/${project.id}/activity/${job.id}`);
      },
    });
  };

  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Rotate credentials of ${project.name}`}
      badge={isProduction && <Badge tone="line">Production</Badge>}
      description="The old password works until the new one has logged in. If that fails, the old one stays."
      footNote="Once it is done, nothing can log in with the old URL."
      onSubmit={submit}
      actions={
        <>
          <Button shortcut="Esc" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            kind="primary"
            icon={KeyRound}
            shortcut={isConfirmed ? '↵' : undefined}
            busy={rotate.isPending && 'Starting rotation'}
            disabledReason={!isConfirmed && `Type ${project.name} first.`}
            className="max-sm:flex-1"
          >
            Rotate Credentials
          </Button>
        </>
      }
    >
      {project.cannot_rotate !== null && (
        <div className="px-5 pt-5">
          <Notice tone="warn" title="A rotation would stop before anything is sent.">
            {project.cannot_rotate} If that is fixed, check the login again under Connections.
          </Notice>
        </div>
      )}
      {rotate.isError && <RotateProblem projectId={project.id} problem={rotate.error} />}
      <div className="grid grid-cols-1 lg:grid-cols-[1.12fr_1fr]">
        <div className="grid grid-cols-1 content-start gap-5 border-line p-5 max-lg:pb-0 lg:border-r">
          <WhatChanges project={project} toVersion={toVersion} />
          <WhoIsTold project={project} toVersion={toVersion} />
        </div>
        <div className="grid grid-cols-1 content-start gap-5 p-5">
          <SessionsFields project={project} choice={sessions} onChoose={setChosen} isLeak={reason === 'compromise'} />
          <fieldset>
            <legend className="mb-2 font-semibold">
              Reason <span className="font-normal text-ink-3">for the audit log</span>
            </legend>
            <Segmented label="Reason" wide value={reason} onChange={setReason} options={REASONS} className="max-sm:*:!px-1" />
            <Field label="Note" hideLabel className="mt-2">
              <Input placeholder="Note, never a password" value={note} maxLength={500} onChange={(event) => setNote(event.target.value)} autoComplete="off" />
            </Field>
          </fieldset>
          {isProduction && (
            <Field
              label={
                <>
                  Type <code className="rounded-xs bg-hover px-1 font-semibold">{project.name}</code> to rotate in production
                </>
              }
            >
              <Input machine className="!text-sm max-sm:!text-md" value={typed} onChange={(event) => setTyped(event.target.value)} />
            </Field>
          )}
        </div>
      </div>
    </Dialog>
  );
}

/** Who has to be told; where nobody is written down, how it goes. */
function WhoIsTold({ project, toVersion }: { project: ProjectWire; toVersion: number }) {
  const { data: holders, error: unknownHolders } = useHolders(project);
  const { data: integrations, error: unknownIntegrations } = useIntegrationsOfLogin(project);
  const error = unknownHolders ?? unknownIntegrations;
  if (holders === undefined || integrations === undefined)
    return error ? (
      <p className="text-ink-2" role="status">
        Could not load what holds the URL: {error.message}
      </p>
    ) : (
      <Loading label="Loading what holds the URL" className="grid gap-3">
        <SkeletonBar width="55%" />
        <SkeletonBar width="80%" />
        <SkeletonBar width="70%" />
      </Loading>
    );
  if (holders.length > 0 || integrations.length > 0)
    return (
      <>
        {integrations.length > 0 && <AutomaticUpdates integrations={integrations} />}
        {holders.length > 0 && <ManualConsumersNotice holders={holders} />}
      </>
    );
  return <HowItGoes fromVersion={project.credential.version} toVersion={toVersion} hasPooler={project.pooled_port !== null} />;
}

function RotateProblem({ projectId, problem }: { projectId: string; problem: Error }) {
  const jobId = problem instanceof ApiProblem ? problem.jobId : null;
  return (
    <div className="px-5 pt-5">
      <Notice tone={jobId ? 'warn' : 'danger'} role="alert" title={jobId ? 'A rotation is already in progress.' : 'No rotation was started.'}>
        {problem.message}{' '}
        {jobId && (
          <Link className="link" href={`/projects/${projectId}/activity/${jobId}`}>
            Watch it
          </Link>
        )}
      </Notice>
    </div>
  );
}
