'use client';

import { PlugZap } from 'lucide-react';
import type { ReactNode } from 'react';
import { useJob, useJobs } from '#components/data/projects.ts';
import type { ResetTarget } from '#components/data/reset-target.ts';
import { useVerifyLogins } from '#components/data/sites.ts';
import { newestOfLogin, projectProof } from '#components/proofs/project-proof.ts';
import { ProofSentenceLine } from '#components/proofs/proof-sentence-line.tsx';
import { workOf } from '#components/proofs/running-words.ts';
import { useStaleReason } from '#components/session/live.tsx';
import { useNoWorker } from '#components/session/queries.ts';
import { useRoleReason } from '#components/session/use-role-reason.ts';
import { Button, ButtonLink } from '#components/ui/button.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { State, type StateKind } from '#components/ui/state.tsx';
import { Time } from '#components/ui/time.tsx';
import type { ProjectWire } from '#lib/contract/project.ts';
import type { VerificationWire } from '#lib/contract/vector/verify.ts';

interface SiteProofLineProps {
  project: ProjectWire;
  of: ResetTarget;
  /** In the place of the sentence, where it would say too little. */
  children?: ReactNode;
}

/** Which password of a site's database works now; with a button that asks the server about each. */
export function SiteProofLine({ project, of, children }: SiteProofLineProps) {
  const jobs = useJobs(project.id).data ?? [];
  const latest = newestOfLogin(jobs);
  const verify = useVerifyLogins(of);
  const roleReason = useRoleReason('operator');
  const staleReason = useStaleReason();
  const rotating = jobs.find(({ rotation }) => rotation !== null);
  const isLive = rotating?.state === 'queued' || rotating?.state === 'running';
  const live = useJob(isLive ? rotating.id : null).data;
  const work = workOf(isLive ? rotating : latest, useNoWorker(isLive || project.state === 'verifying'));
  const action = isLive ? (
    <ButtonLink size="small" href={`/projects/${project.id}/activity/${rotating.id}`}>
      Watch
    </ButtonLink>
  ) : (
    <Button
      size="small"
      kind="quiet"
      icon={PlugZap}
      busy={verify.isPending && 'Checking'}
      disabledReason={roleReason || staleReason}
      onClick={() => verify.mutate(undefined)}
    >
      Check connection
    </Button>
  );
  return (
    <>
      {children && !isLive ? children : null}
      {children && !isLive ? (
        <div className="flex justify-end border-b border-line px-3 py-1.5">{action}</div>
      ) : (
        <ProofSentenceLine inCard proof={projectProof(project, latest, live?.rotation ?? rotating?.rotation ?? null, work)} action={action} />
      )}
      {verify.isError && (
        <Notice className="m-4" tone="warn" role="alert" title="The connection was not checked.">
          {verify.error.message}
        </Notice>
      )}
      {verify.data && <Logins verification={verify.data} />}
    </>
  );
}

const VERDICTS: Record<VerificationWire['logins'][number]['verdict'], { kind: StateKind; text: string }> = {
  accepted: { kind: 'ok', text: 'accepted' },
  refused: { kind: 'failed', text: 'refused' },
  unknown: { kind: 'unknown', text: 'no answer' },
};

function Logins({ verification: { logins } }: { verification: VerificationWire }) {
  return (
    <div className="border-b border-line px-4 py-2.5 text-xs" role="status" aria-label="Just verified">
      <ul className="grid gap-1">
        {logins.map(({ version, endpoint, host, port, verdict, at }) => (
          <li key={`${version} ${endpoint}`} className="flex flex-wrap items-center gap-x-2">
            <State kind={VERDICTS[verdict].kind}>
              v{version} {VERDICTS[verdict].text}
            </State>
            <span className="text-ink-3 [overflow-wrap:anywhere]">
              {endpoint} at{' '}
              <code>
                {host}:{port}
              </code>
              , <Time at={at} />
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
