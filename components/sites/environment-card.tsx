'use client';

import { KeyRound, Rocket } from 'lucide-react';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useState } from 'react';
import { useProject } from '#components/data/projects.ts';
import type { ResetTarget } from '#components/data/reset-target.ts';
import { useDeploy } from '#components/data/sites.ts';
import { useStaleReason } from '#components/session/live.tsx';
import { useChangeReason, useRoleReason } from '#components/session/use-role-reason.ts';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { KeyValue } from '#components/ui/key-value.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ProofLine } from '#components/ui/proof-line.tsx';
import { RadioCards } from '#components/ui/radio-cards.tsx';
import { Age, Time } from '#components/ui/time.tsx';
import type { DeploymentWire } from '#lib/contract/vector/deployment.ts';
import type { EnvironmentWire } from '#lib/contract/vector/site.ts';
import { CannotReset } from './cannot-reset.tsx';
import { ForgetPlaceDialog } from './forget-place-dialog.tsx';
import { MoreMenu } from './more-menu.tsx';
import { SiteProofLine } from './site-proof-line.tsx';
import { SiteUrl } from './site-url.tsx';
import { TwoPasswords } from './two-passwords.tsx';

/** Asks how an environment is deployed: by its hook, or by somebody who has done it. */
function DeployDialog({ environment, onClose }: { environment: EnvironmentWire; onClose: () => void }) {
  const { id, name, deploy_hook_host: hook, retiring, current } = environment;
  const deploy = useDeploy(id);
  const [how, setHow] = useState<'hook' | 'marked'>(hook === null ? 'marked' : 'hook');
  return (
    <FormDialog
      onClose={onClose}
      narrow
      title={`Deploy ${name}`}
      description={
        retiring
          ? `The deployment carries v${current?.version}. Once it has succeeded v${retiring.version} ends; if it fails, both keep working.`
          : `The deployment carries the environment’s variables${current ? ` with v${current.version}` : ''}.`
      }
      onSubmit={() => deploy.mutate(how === 'marked' ? { mark_as_deployed: true } : {}, { onSuccess: onClose })}
      action={how === 'marked' ? 'Mark as deployed' : 'Deploy'}
      actionIcon={Rocket}
      busy={deploy.isPending && 'Starting'}
      problem={deploy.error?.message}
      problemTitle="Nothing was started."
    >
      <RadioCards
        label="How it is deployed"
        value={how}
        onChange={setHow}
        options={[
          {
            value: 'hook',
            title: 'Call the deploy hook',
            text: hook === null ? 'This environment has none.' : `${hook} is called, and fetches the variables once.`,
            disabled: hook === null,
          },
          { value: 'marked', title: 'It has been deployed already', text: 'By other means, with the new password in it. No hook is called.' },
        ]}
      />
    </FormDialog>
  );
}

// Loaded when they are opened first.
const EnvironmentDialog = dynamic(() => import('./environment-dialog.tsx').then((module) => module.EnvironmentDialog));
const ResetDialog = dynamic(() => import('./reset-dialog.tsx').then((module) => module.ResetDialog));

interface EnvironmentCardProps {
  environment: EnvironmentWire;
  /** Its newest deployments, newest first. */
  deployments: readonly DeploymentWire[];
}

/** A place that the site deploys to: which password works there, and for whom. */
export function EnvironmentCard({ environment, deployments }: EnvironmentCardProps) {
  const { id, name, project_id: projectId, database_user: user, current, retiring, status, valid_passwords: valid } = environment;
  const others = valid.filter(({ why }) => why !== 'current');
  const deploying = deployments.find(({ status }) => status === 'pending' || status === 'deploying');
  const running = deployments.find(({ status }) => status === 'deployed');
  const roleReason = useRoleReason('operator');
  const staleReason = useStaleReason();
  const changeReason = useChangeReason();
  const [asked, setAsked] = useState<'reset' | 'deploy' | 'edit' | 'forget' | null>(null);
  const reason = roleReason || staleReason;
  const target: ResetTarget | null =
    projectId !== null && user !== null && current ? { kind: 'environment', id, projectId, user, version: current.version, name } : null;
  const resetReason = reason || (!target && 'No database is configured for this environment.') || (status === 'resetting' && 'A reset is in progress.');
  const deployReason = reason || (deploying !== undefined && `Deployment ${deploying.number} is in progress.`);
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
            <span>
              Reset<span className="max-sm:hidden"> password</span>
            </span>
          </Button>
          {!retiring && deploy}
          <MoreMenu name={name} disabled={changeReason !== false} onEdit={() => setAsked('edit')} onForget={() => setAsked('forget')} />
        </>
      }
    >
      {target && (
        <EnvironmentProof of={target}>
          {retiring && current && (
            <>
              <ProofLine
                tone="info"
                className="!rounded-none !border-0 !border-b"
                title={valid.length > 2 ? `${valid.length} passwords work.` : 'Both passwords work.'}
                action={deploy}
              >
                v{current.version} logged in{current.proven_at && <> at {<Time at={current.proven_at} />}</>}.
                {others.map(({ version, reason }) => ` v${version} still works: ${reason}.`)}
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
      {projectId !== null && <CannotReset text={environment.cannot_rotate} projectId={projectId} />}
      <KeyValue wide className="px-4 py-2.5" rows={rowsOf(environment, running)} />
      {target && <EnvironmentUrl projectId={target.projectId} />}
      {projectId !== null && (
        <div className="card-foot">
          <Link href={`/projects/${projectId}/activity`} className="flex-1 text-xs text-ink-2 hover:underline">
            Activity of this database
          </Link>
        </div>
      )}
      {asked === 'reset' && target && <ResetDialog of={target} onClose={() => setAsked(null)} />}
      {asked === 'edit' && <EnvironmentDialog siteId={environment.vector_site_id} environment={environment} onClose={() => setAsked(null)} />}
      {asked === 'forget' && (
        <ForgetPlaceDialog of="environments" id={id} name={name} onClose={() => setAsked(null)} onForgotten={() => setAsked(null)}>
          Its database, the user and every password that works stay as they are. Rekey loses its copy of them, with the deployments and the secrets of {name}.
        </ForgetPlaceDialog>
      )}
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

function EnvironmentUrl({ projectId }: { projectId: string }) {
  const project = useProject(projectId).data;
  return project && <SiteUrl project={project} />;
}

function rowsOf({ database_name: name, database_user: user, current, deploy_hook_host: hook }: EnvironmentWire, running: DeploymentWire | undefined) {
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
  if (!current) return [place, hookRow];
  const what = running && `deployment ${running.number}${running.credential_version === null ? '' : ` with v${running.credential_version}`}`;
  const runs = [
    'Running',
    running ? (
      <span key="running">
        {what}
        {running.finished_at && (
          <>
            , since <Time at={running.finished_at} style="day" />
          </>
        )}
      </span>
    ) : (
      <span key="running" className="text-ink-3">
        not deployed by Rekey yet
      </span>
    ),
  ] as const;
  return [place, ['Age', <Age key="age" since={current.created_at} />] as const, row('User', user, ''), runs, hookRow];
}
