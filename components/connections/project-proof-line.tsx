'use client';

import { RotateCw } from 'lucide-react';
import { useJob } from '#components/data/projects.ts';
import { failedCheck, newestOfLogin, projectProof } from '#components/proofs/project-proof.ts';
import { ProofSentenceLine } from '#components/proofs/proof-sentence-line.tsx';
import { workOf } from '#components/proofs/running-words.ts';
import { useNoWorker } from '#components/session/queries.ts';
import { Button, ButtonLink } from '#components/ui/button.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Time } from '#components/ui/time.tsx';
import type { JobWire } from '#lib/contract/job.ts';
import type { ProjectWire } from '#lib/contract/project.ts';
import type { ConnectionCheck } from './use-connection-check.ts';

interface ProjectProofLineProps {
  project: ProjectWire;
  /** The project's jobs, newest first. */
  jobs: readonly JobWire[];
  prove: ConnectionCheck;
}

/** Which password works now, on the project's own pages; with what to do where that is not known. */
export function ProjectProofLine({ project, jobs, prove }: ProjectProofLineProps) {
  const latest = newestOfLogin(jobs);
  const rotationJob = jobs.find(({ rotation }) => rotation !== null) ?? null;
  const isLive = rotationJob?.state === 'queued' || rotationJob?.state === 'running';
  const live = useJob(isLive ? rotationJob.id : null).data;
  const noWorker = useNoWorker(isLive || prove.isBusy);
  const proof = projectProof(project, latest, live?.rotation ?? rotationJob?.rotation ?? null, workOf(isLive ? rotationJob : latest, noWorker));
  const failure = failedCheck(project, latest)?.error;
  return (
    <>
      <ProofSentenceLine
        proof={proof}
        action={
          isLive ? (
            <ButtonLink size="small" href={`/projects/${project.id}/activity/${rotationJob.id}`}>
              Watch
            </ButtonLink>
          ) : (
            <Button size="small" icon={RotateCw} busy={prove.isBusy && 'Checking'} disabledReason={prove.reason} onClick={prove.start}>
              Check connection
            </Button>
          )
        }
      />
      {failure && (
        <Notice
          className="mt-3"
          role="alert"
          title={failure}
          action={
            failure.includes('Settings') && (
              <ButtonLink size="small" href={`/projects/${project.id}/settings#${failure.includes('current URL') ? 'danger' : 'logins'}`}>
                Open the settings
              </ButtonLink>
            )
          }
        >
          Nothing was changed. {proof.mark === 'unreachable' && 'You can still copy the URL. '}
          {project.state === 'ready'
            ? 'Rotating now would stop at preflight and leave everything as it is.'
            : 'Rotating waits until the login is proven, so nobody is locked out.'}
        </Notice>
      )}
      {prove.waitsUntil && (
        <Notice
          className="mt-3"
          tone="warn"
          role="status"
          title={
            <>
              Rekey tries again at <Time at={prove.waitsUntil} plain />.
            </>
          }
          action={
            <Button size="small" busy={prove.isBusy && 'Asking the server'} disabledReason={prove.anywayReason} onClick={prove.startAnyway}>
              Make one more login
            </Button>
          }
        >
          The server rejected {project.failed_logins?.count} logins of this account, and servers lock accounts. Trying now makes one more.
        </Notice>
      )}
      {prove.problem && (
        <Notice className="mt-3" tone="warn" role="alert" title="The check was not started.">
          {prove.problem}
        </Notice>
      )}
    </>
  );
}
