'use client';

import { KeyRound, Rocket } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { useProject } from '#components/projects/queries.ts';
import { useStaleReason } from '#components/shell/live.tsx';
import { useRoleReason } from '#components/shell/use-role-reason.ts';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { KeyValue } from '#components/ui/key-value.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ProofLine } from '#components/ui/proof-line.tsx';
import { Age, Time } from '#components/ui/time.tsx';
import type { EnvironmentWire } from '#lib/http/wire/vector/site.ts';
import { DeployDialog } from './deploy-dialog.tsx';
import { ResetDialog } from './reset-dialog.tsx';
import type { ResetTarget } from './reset-target.ts';
import { SiteProofLine } from './site-proof-line.tsx';
import { TwoPasswords } from './two-passwords.tsx';

interface EnvironmentCardProps {
  environment: EnvironmentWire;
  /** The number of the deployment that runs or waits to. */
  deploying: number | null;
}

/** A place that the site deploys to: which password works there, and for whom. */
export function EnvironmentCard({ environment, deploying }: EnvironmentCardProps) {
  const { id, name, project_id: projectId, database_user: user, current, retiring, status } = environment;
  const roleReason = useRoleReason('operator');
  const staleReason = useStaleReason();
  const [asked, setAsked] = useState<'reset' | 'deploy' | null>(null);
  const reason = roleReason || staleReason;
  const target: ResetTarget | null =
    projectId !== null && user !== null && current ? { kind: 'environment', id, projectId, user, version: current.version, name } : null;
  const resetReason = reason || (!target && 'No database is configured for this environment.') || (status === 'resetting' && 'A reset is running.');
  const deployReason = reason || (deploying !== null && `Deployment ${deploying} is running.`);
  const deploy = (
    <Button
      size={retiring ? 'normal' : 'small'}
      kind={retiring ? 'primary' : 'quiet'}
      icon={Rocket}
      disabledReason={deployReason}
      onClick={() => setAsked('deploy')}
    >
      {retiring ? `Deploy, then end v${retiring.version}` : 'Deploy'}
    </Button>
  );
  return (
    <Card
      className={`overflow-hidden ${retiring ? 'lg:col-span-2' : ''}`}
      title={name}
      aside={
        <span className="max-sm:hidden">
          <Badge tone="line">Environment</Badge>
        </span>
      }
      actions={
        <>
          <Button size="small" icon={KeyRound} disabledReason={resetReason} onClick={() => setAsked('reset')}>
            Reset password
          </Button>
          {!retiring && deploy}
        </>
      }
    >
      {target && (
        <EnvironmentProof of={target}>
          {retiring && current && (
            <>
              <ProofLine tone="info" className="!rounded-none !border-0 !border-b" title="Both passwords work." action={deploy}>
                v{current.version} logged in{current.proven_at && <> at {<Time at={current.proven_at} />}</>}. The running deployment keeps v{retiring.version}{' '}
                until it is redeployed.
              </ProofLine>
              <TwoPasswords current={current} retiring={retiring} />
            </>
          )}
        </EnvironmentProof>
      )}
      {environment.last_error !== null && status === 'active' && (
        <Notice tone="danger" className="m-4 mb-0" title="The last attempt failed.">
          {environment.last_error}
        </Notice>
      )}
      <KeyValue wide className="px-4 py-2.5" rows={rowsOf(environment)} />
      {projectId !== null && (
        <div className="card-foot">
          <Link href={`/projects/${projectId}/activity`} className="flex-1 text-xs text-ink-2 hover:underline">
            Activity of this database
          </Link>
        </div>
      )}
      {asked === 'reset' && target && <ResetDialog of={target} onClose={() => setAsked(null)} />}
      {asked === 'deploy' && <DeployDialog environment={environment} onClose={() => setAsked(null)} />}
    </Card>
  );
}

function EnvironmentProof({ of, children }: { of: ResetTarget; children: React.ReactNode }) {
  const project = useProject(of.projectId).data;
  return (
    project && (
      <SiteProofLine project={project} of={of}>
        {children}
      </SiteProofLine>
    )
  );
}

function rowsOf({ database_name: name, database_user: user, current, deploy_hook_host: hook }: EnvironmentWire) {
  const row = (key: string, value: string | null, none: string) =>
    [
      key,
      value === null ? (
        <span key={key} className="text-ink-3">
          {none}
        </span>
      ) : (
        <code key={key}>{value}</code>
      ),
    ] as const;
  const place = row('Database', name, 'none configured');
  const hookRow = row('Deploy hook', hook, 'none given');
  return current ? [place, ['Age', <Age key="age" since={current.created_at} />] as const, row('User', user, ''), hookRow] : [place, hookRow];
}
