'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { runbookOf } from '#components/consumers/runbook.ts';
import { RunbookCard } from '#components/consumers/runbook-card.tsx';
import { ToldCard } from '#components/consumers/told-card.tsx';
import { useIntegrationsOfLogin } from '#components/data/integrations.ts';
import { keys } from '#components/data/projects.ts';
import { ProofSentenceLine } from '#components/proofs/proof-sentence-line.tsx';
import { rotationProof } from '#components/proofs/rotation-proof.ts';
import { runningWords, workOf } from '#components/proofs/running-words.ts';
import { useNoWorker } from '#components/session/queries.ts';
import { RawRecord } from '#components/ui/raw-record.tsx';
import { useShortcut } from '#components/ui/use-shortcut.ts';
import type { JobWire, RotationWire } from '#lib/contract/job.ts';
import type { ProjectWire } from '#lib/contract/project.ts';
import { AttentionCard } from './attention-card.tsx';
import { FailureCard } from './failure-card.tsx';
import { handover } from './handover.ts';
import { HandoverChart } from './handover-chart.tsx';
import { HandoverList } from './handover-list.tsx';
import { toldColumns } from './integration-columns.ts';
import { nextStep } from './next-step.ts';
import { NextStepCard } from './next-step-card.tsx';
import { OldSessionsCard } from './old-sessions-card.tsx';
import { ProofTable } from './proof-table.tsx';
import { useOpenRotate, useRotateReason } from './rotate-provider.tsx';
import { RotationHead } from './rotation-head.tsx';
import { Timeline } from './timeline.tsx';

interface RotationPageProps {
  project: ProjectWire;
  job: JobWire;
  rotation: RotationWire;
}

/** One rotation, live: which password works now, how far it is, what was proven. */
export function RotationPage({ project, job, rotation }: RotationPageProps) {
  const [rawShown, setRawShown] = useState(false);
  const openRotate = useOpenRotate();
  const retryReason = useRotateReason();
  useShortcut('x', () => setRawShown(true));
  useRefreshAtEnd(project.id, job.state);

  const work = workOf(job, useNoWorker(rotation.finished_at === null));
  const stage = work === 'running' ? `attempt ${Math.max(1, job.attempts)} of ${job.max_attempts}` : 'waiting for a worker';
  const integrations = useIntegrationsOfLogin(project).data ?? [];
  const runbook = runbookOf(rotation, integrations, project.credential.version);
  const step = nextStep(rotation, project);
  const told = toldColumns(rotation, integrations, project.credential.version);
  const shown = { handover: handover(rotation, stage, told, work === 'no_worker'), fromVersion: rotation.from_version, toVersion: rotation.to_version };
  return (
    <>
      <RotationHead
        job={job}
        rotation={rotation}
        work={work}
        left={runbook.left}
        onRaw={() => setRawShown(true)}
        onRetry={openRotate}
        retryReason={retryReason}
      />
      <section className="card mt-5 overflow-hidden" aria-label="Which password works now">
        <ProofSentenceLine proof={rotationProof(rotation, work)} inCard="head" />
        {rotation.kind === 'rotate' && (
          <>
            <div className="hidden px-4 pb-3 lg:block">
              <HandoverChart {...shown} />
            </div>
            <div className="px-4 py-3 lg:hidden">
              <HandoverList {...shown} />
            </div>
          </>
        )}
      </section>
      {rotation.state === 'needs_attention' && (
        <p className="sr-only" role="alert">
          Needs attention: it is not known which password works.
        </p>
      )}
      <div className="mt-4 grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1.35fr)_minmax(0,1fr)]">
        <div className="grid min-w-0 grid-cols-1 gap-4">
          {rotation.state === 'failed' && <FailureCard rotation={rotation} project={project} />}
          {rotation.state === 'needs_attention' && <AttentionCard rotation={rotation} project={project} noWorker={work === 'no_worker'} />}
          {runbook.total === 0 && step && <NextStepCard project={project} step={step} />}
          {runbook.total > 0 && <RunbookCard jobId={job.id} runbook={runbook} version={rotation.to_version} projectId={project.id} />}
          <Timeline
            steps={rotation.steps}
            subject={{ rotation, project, maxAttempts: job.max_attempts }}
            now={runningWords(rotation, project.role_name, work)}
            onRaw={() => setRawShown(true)}
          />
        </div>
        <div className="grid min-w-0 grid-cols-1 gap-4">
          <ProofTable rotation={rotation} />
          {rotation.finished_at === null && <ToldCard project={project} />}
          {rotation.state === 'completed' && <OldSessionsCard jobId={job.id} roleName={project.role_name} rotation={rotation} />}
        </div>
      </div>
      <RawRecord job={job} open={rawShown} onOpenChange={setRawShown} />
    </>
  );
}

/** Once the job has ended, all that hangs on it is asked for again, with or without the live stream. */
function useRefreshAtEnd(projectId: string, state: JobWire['state']): void {
  const client = useQueryClient();
  const hasEnded = state === 'completed' || state === 'failed';
  useEffect(() => {
    if (!hasEnded) return;
    for (const queryKey of [keys.projects, keys.jobsOf(projectId), keys.auditOf(projectId), keys.sessions(projectId)])
      void client.invalidateQueries({ queryKey });
  }, [client, projectId, hasEnded]);
}
