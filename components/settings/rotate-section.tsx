'use client';

import { clockIn, dayWords } from '#components/policies/policy-words.ts';
import { RotateButton } from '#components/rotation/rotate-button.tsx';
import { Card } from '#components/ui/card.tsx';
import { State, type StateKind } from '#components/ui/state.tsx';
import { Span, Time } from '#components/ui/time.tsx';
import type { ProjectWire } from '#lib/contract/project.ts';

/** How the password stands, and the button. */
export function RotateSection({ project }: { project: ProjectWire }) {
  const { credential } = project;
  const { kind, label } = standing(project);
  return (
    <Card>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3 p-4">
        <div className="min-w-0 flex-1 basis-64">
          <p className="flex flex-wrap items-center gap-x-2">
            <State kind={kind}>{label}</State>
            <span className="text-xs text-ink-3">
              <Proven project={project} />
            </span>
          </p>
          <p className="mt-0.5 text-ink-2">
            {project.rotated_at === null ? 'Entered ' : 'Created '}
            <Span since={credential.created_at} /> ago. <NextRotation policy={project.policy} />
          </p>
        </div>
        <RotateButton className="max-sm:w-full" />
      </div>
    </Card>
  );
}

function NextRotation({ policy }: Pick<ProjectWire, 'policy'>) {
  if (!policy) return 'It rotates only when someone starts it.';
  if (policy.is_paused || !policy.next_run_at) return `The policy ${policy.name} has no next run.`;
  const { next_run_at: at, time_zone: zone } = policy;
  return `The policy ${policy.name} rotates it on ${dayWords(zone, at)}, ${clockIn(zone, at)} (${zone}).`;
}

function standing({ state, credential: { version, direct_proven_at: provenAt } }: ProjectWire): { kind: StateKind; label: string } {
  switch (state) {
    case 'needs_attention':
      return { kind: 'unknown', label: 'Not known which password works' };
    case 'rotating_credentials':
      return { kind: 'running', label: 'A rotation is in progress' };
    case 'verifying':
      return { kind: 'running', label: `v${version} is being checked` };
    case 'ready':
      return provenAt === null ? { kind: 'unknown', label: `v${version} is not proven` } : { kind: 'ok', label: `v${version} works` };
  }
}

function Proven({ project: { credential, pooled_port: pooledPort } }: { project: ProjectWire }) {
  if (credential.direct_proven_at === null) return 'no login has proven it yet';
  return (
    <>
      proven <Time at={credential.direct_proven_at} style="day" />,{' '}
      {pooledPort !== null && credential.pooled_proven_at !== null ? 'direct and pooled' : 'directly'}
    </>
  );
}
