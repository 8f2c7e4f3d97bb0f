'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { CheckNow } from '#components/connections/check-now.tsx';
import { AfterRotationCard } from '#components/consumers/after-rotation-card.tsx';
import { runbookOf } from '#components/consumers/runbook.ts';
import { RunbookCard } from '#components/consumers/runbook-card.tsx';
import { useIntegrationsOfLogin } from '#components/data/integrations.ts';
import { keys } from '#components/data/projects.ts';
import { ProofSentenceLine } from '#components/proofs/proof-sentence-line.tsx';
import { wasSuperseded, wasUndone } from '#components/proofs/rotation-facts.ts';
import { rotationProof } from '#components/proofs/rotation-proof.ts';
import { runningWords, workOf } from '#components/proofs/running-words.ts';
import { useNoWorker } from '#components/session/queries.ts';
import { Card } from '#components/ui/card.tsx';
import { classNames } from '#components/ui/class-names.ts';
import { KeyValue } from '#components/ui/key-value.tsx';
import { RawRecord } from '#components/ui/raw-record.tsx';
import { useShortcut } from '#components/ui/use-shortcut.ts';
import type { JobWire, RotationWire } from '#lib/contract/job.ts';
import type { ProjectWire } from '#lib/contract/project.ts';
import { AttentionCard } from './attention-card.tsx';
import { failureAdvice } from './failure-advice.ts';
import { type Handover, handover } from './handover.ts';
import { HandoverChart } from './handover-chart.tsx';
import type { HandoverBar } from './handover-lanes.ts';
import { STATE_WORDS, StepMark } from './handover-marks.tsx';
import { integrationColumns } from './integration-columns.ts';
import { nextStep } from './next-step.ts';
import { NextStepCard } from './next-step-card.tsx';
import { OldSessionsCard } from './old-sessions-card.tsx';
import { ProofTable } from './proof-table.tsx';
import { useOpenRotate, useRotateReason } from './rotate-provider.tsx';
import { RotationHead } from './rotation-head.tsx';
import { Timeline } from './timeline.tsx';

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

function changedWords(rotation: RotationWire): string {
  const { from_version: from, to_version: to } = rotation;
  if (wasSuperseded(rotation)) return `Not known: whether v${from} or v${to} worked was never proven. Another password was entered since.`;
  if (wasUndone(rotation)) return `For a moment: the server accepted v${to}. Then v${from} was restored, and it has logged in.`;
  return 'No. The change was never committed on the server.';
}

/** The three things every failure answers. */
function FailureCard({ rotation, project }: { rotation: RotationWire; project: ProjectWire }) {
  const { short, todo } = failureAdvice(rotation.error_code, project.engine);
  return (
    <Card className="p-4" aria-labelledby="why">
      <h2 id="why" className="font-semibold">
        Why, and what to do
      </h2>
      <KeyValue
        className="mt-1.5 max-sm:!grid-cols-1 max-sm:[&>dd]:pt-0"
        rows={[
          ['What happened', sentence(short)],
          ['Did anything change', changedWords(rotation)],
          ['What to do', todo],
        ]}
      />
      {project.state !== 'rotating_credentials' && (
        <p className="mt-3 flex flex-wrap items-center gap-2">
          <CheckNow project={project} />
          <span className="text-xs text-ink-3">Logs in with the current password. Changes nothing.</span>
        </p>
      )}
    </Card>
  );
}

interface HandoverListProps {
  handover: Handover;
  fromVersion: number;
  toVersion: number;
}

/** The handover turned upright, its two lanes at the right. Under 1088 px. */
function HandoverList({ handover: { columns, lanes }, fromVersion, toVersion }: HandoverListProps) {
  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)_2.25rem_2.25rem] gap-x-2 pb-1 text-2xs text-ink-3" aria-hidden="true">
        <span />
        <span className="text-center">
          Old
          <br />v{fromVersion}
        </span>
        <span className="text-center">
          New
          <br />v{toVersion}
        </span>
      </div>
      <ol className="vsteps">
        {columns.map(({ id, label, state, note }, index) => (
          <li key={id} className="step" data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
            <StepMark state={state} />
            <span>
              <b className="!mt-0">{label}</b>
              <small>
                {note || '\u00a0'}
                <span className="sr-only">, {STATE_WORDS[state]}</span>
              </small>
            </span>
            <LaneCell bars={lanes.old} index={index} />
            <LaneCell bars={lanes.new} index={index} />
          </li>
        ))}
      </ol>
    </>
  );
}

function LaneCell({ bars, index }: { bars: HandoverBar[]; index: number }) {
  const bar = bars.find(({ from, to }) => from <= index && index < to);
  if (!bar) return <span />;
  return <span className={classNames('vbar', bar.from === index && 'rounded-t-xs', bar.to === index + 1 && 'rounded-b-xs')} data-is={bar.is} />;
}

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
  const told = integrationColumns(rotation, integrations, project.credential.version);
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
          {rotation.finished_at === null && <AfterRotationCard project={project} />}
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
