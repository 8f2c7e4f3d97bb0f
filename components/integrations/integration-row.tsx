'use client';

import { Ellipsis, KeyRound, Pencil, RefreshCw, Rocket, Unplug } from 'lucide-react';
import dynamic from 'next/dynamic';
import { type ReactNode, useState } from 'react';
import { useCheck, useDisconnect, useRedeploy, useSync } from '#components/data/integrations.ts';
import { PROVIDERS, placeName, targetName } from '#components/data/providers.ts';
import { usePaletteActs } from '#components/session/palette-acts.ts';
import { Button } from '#components/ui/button.tsx';
import { buttonClass } from '#components/ui/button-class.ts';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { Menu, MenuItem, MenuLine } from '#components/ui/menu.tsx';
import { State } from '#components/ui/state.tsx';
import { When } from '#components/ui/time.tsx';
import type { IntegrationWire } from '#lib/contract/integration.ts';
import { DriftChoice } from './drift-choice.tsx';
import { HeldVersion } from './held-version.tsx';
import { IntegrationProblems } from './integration-problems.tsx';
import {
  checkedWords,
  driftedTargets,
  type Fix,
  fixOf,
  hasOneTarget,
  heldVersion,
  integrationState,
  needsPerson,
  sortedTargets,
  troublesOf,
} from './integration-words.ts';
import { afterSyncWords, deploymentOf } from './redeploy-words.ts';
import { TargetList } from './target-list.tsx';
import { useSyncReason } from './use-sync-reason.ts';

/** Whether what runs there has been asked to take the variables up; with the button where that is due. */
function DeploymentLine({ integration, version }: { integration: IntegrationWire; version: number }) {
  const redeploy = useRedeploy(integration.project_id, integration.provider);
  const reason = useSyncReason();
  const deployment = deploymentOf(integration, version);
  switch (deployment.is) {
    case 'due':
      return (
        <p className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1.5 text-xs text-ink-2">
          v{version} is written. There was no redeployment since.
          <Button size="small" icon={Rocket} busy={redeploy.isPending && 'Requesting'} disabledReason={reason} onClick={() => redeploy.mutate(undefined)}>
            Redeploy
          </Button>
        </p>
      );
    case 'asked':
      return <p className="mt-1 text-xs text-ink-3">A redeployment is being requested.</p>;
    case 'started':
      return (
        <p className="num mt-1 text-xs text-ink-3 [&_time]:font-sans">
          A redeployment started at <When at={deployment.at} />. Whether v{version} runs there is shown at {PROVIDERS[integration.provider].name}.
        </p>
      );
    case 'waiting':
    case 'failed':
    case 'next-run':
      return null;
  }
}

/** Says what stays before Rekey forgets a token. */
function DisconnectDialog({ integration, onClose }: { integration: IntegrationWire; onClose: () => void }) {
  const { provider, project_id: projectId } = integration;
  const disconnect = useDisconnect(projectId, provider);
  const version = heldVersion(integration);
  const { name, variable } = PROVIDERS[provider];
  return (
    <FormDialog
      onClose={onClose}
      narrow
      title={`Disconnect ${placeName(integration)}`}
      description={`Rekey forgets the token. The ${variable}s at ${name} stay as they are${version === null ? '' : `, with v${version}`}, and no later password is written there.`}
      onSubmit={() => disconnect.mutate(undefined, { onSuccess: onClose })}
      action={`Disconnect ${name}`}
      danger
      busy={disconnect.isPending && 'Disconnecting'}
      problem={disconnect.error?.message}
      problemTitle="It is still connected."
    />
  );
}

// Loaded when they are opened first.
const TokenDialog = dynamic(() => import('./token-dialog.tsx').then((module) => module.TokenDialog));
const ChangeDialog = dynamic(() => import('./change-dialog.tsx').then((module) => module.ChangeDialog));

interface IntegrationRowProps {
  integration: IntegrationWire;
  /** The version that it should hold. */
  version: number;
  syncReason: string | false;
  manageReason: string | false;
}

/** An integration in the settings, with all that can be done to it. */
export function IntegrationRow({ integration, version, syncReason, manageReason }: IntegrationRowProps) {
  const { provider, project_id: projectId, config, sync, redeployment } = integration;
  const { kind, label } = integrationState(integration);
  const [open, setOpen] = useState<'token' | 'change' | 'disconnect' | null>(null);
  const bring = useSync(projectId, provider);
  const redeploy = useRedeploy(projectId, provider);
  const check = useCheck(projectId, provider);
  const close = () => setOpen(null);
  const noSync = syncReason || (sync !== null && 'A sync is in progress.');
  const startSync = () => bring.mutate(undefined);
  usePaletteActs(1, [{ label: `Sync now: ${PROVIDERS[provider].name}`, icon: RefreshCw, reason: noSync, run: startSync }]);
  const problem = bring.error ?? redeploy.error ?? check.error;
  const about = [
    ...(hasOneTarget(integration)
      ? []
      : [
          sortedTargets(integration)
            .map(({ target }) => targetName(provider, target))
            .join(', '),
        ]),
    config.variables.map(({ name }) => name).join(', '),
    afterSyncWords(integration),
  ];
  const fix = nextFix(integration);
  return (
    <li className="@container py-2.5 pr-2 pl-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Icon as={PROVIDERS[provider].icon} className="text-ink-3" />
        <div className="min-w-0 flex-1 basis-[calc(100%-2rem)] @lg:basis-0">
          <p className="font-medium [overflow-wrap:anywhere]">{placeName(integration)}</p>
          <p className="text-xs text-ink-3 [overflow-wrap:anywhere]">{about.join(' · ')}</p>
        </div>
        <div className="pl-7 @lg:pl-0 @lg:text-right">
          <State kind={kind}>{label}</State>
          <p className="num text-xs text-ink-3 [&_time]:font-sans">
            <HeldVersion integration={integration} />
          </p>
        </div>
        <div className="ml-auto flex">
          <Button kind="quiet" size="small" busy={bring.isPending && 'Requesting'} disabledReason={noSync} onClick={startSync}>
            Sync now
          </Button>
          <Button
            kind="quiet"
            size="small"
            busy={check.isPending && `Checking ${PROVIDERS[provider].name}`}
            disabledReason={syncReason || (sync !== null && 'A sync is in progress; it checks the value itself.')}
            onClick={() => check.mutate(undefined)}
          >
            Check
          </Button>
          <Menu
            trigger={
              <button type="button" className={buttonClass('quiet', 'small', 'btn-icon')} aria-label={`More for ${PROVIDERS[provider].name}`}>
                <Icon as={Ellipsis} />
              </button>
            }
          >
            <MenuItem
              icon={Rocket}
              disabled={Boolean(syncReason) || !integration.can_redeploy || redeployment?.state === 'requested'}
              onSelect={() => redeploy.mutate(undefined)}
            >
              Redeploy
            </MenuItem>
            <MenuItem icon={Pencil} disabled={Boolean(manageReason)} onSelect={() => setOpen('change')}>
              Change the variables
            </MenuItem>
            <MenuItem icon={KeyRound} disabled={Boolean(manageReason)} onSelect={() => setOpen('token')}>
              Replace the token
            </MenuItem>
            <MenuLine />
            <MenuItem icon={Unplug} tone="danger" disabled={Boolean(manageReason)} onSelect={() => setOpen('disconnect')}>
              Disconnect
            </MenuItem>
          </Menu>
        </div>
      </div>
      <div className="pr-2 pl-7">
        <TargetList integration={integration} />
        <IntegrationProblems integration={integration} />
        {problem && (
          <p className="mt-1 text-xs text-danger-ink" role="alert">
            {problem.message}
          </p>
        )}
        {sync === null && driftedTargets(integration).length > 0 && (
          <div className="mt-2 flex flex-wrap items-center gap-2">
            <DriftChoice integration={integration} version={version} />
          </div>
        )}
        {check.isSuccess && !needsPerson(integration) && (
          <p className="mt-1 text-xs text-ink-3" role="status">
            {checkedWords(integration)}
          </p>
        )}
        <DeploymentLine integration={integration} version={version} />
        <FixButton
          fix={fix}
          reason={manageReason}
          onToken={() => setOpen('token')}
          onChange={() => setOpen('change')}
          onDisconnect={() => setOpen('disconnect')}
        />
      </div>
      {open === 'token' && <TokenDialog integration={integration} onClose={close} />}
      {open === 'change' && <ChangeDialog integration={integration} onClose={close} />}
      {open === 'disconnect' && <DisconnectDialog integration={integration} onClose={close} />}
    </li>
  );
}

/** What a person does first, where trying again alone does not help. */
function nextFix(integration: IntegrationWire): Fix | null {
  const { redeployment } = integration;
  const codes = [
    ...troublesOf(integration).map(({ code }) => code),
    ...(integration.check_failure_code ? [integration.check_failure_code] : []),
    ...(redeployment?.state === 'failed' ? [redeployment.failure_code ?? ''] : []),
  ];
  const fixes = codes.map(fixOf);
  return (['token', 'place', 'variables', 'deployment', 'sync'] as const).find((fix) => fixes.includes(fix)) ?? null;
}

interface FixButtonProps {
  fix: Fix | null;
  reason: string | false;
  onToken: () => void;
  onChange: () => void;
  onDisconnect: () => void;
}

function FixButton({ fix, reason, onToken, onChange, onDisconnect }: FixButtonProps) {
  const draw = (words: ReactNode, onClick: () => void) => (
    <Button size="small" className="mt-2" disabledReason={reason} onClick={onClick}>
      {words}
    </Button>
  );
  switch (fix) {
    case 'token':
      return draw('Replace the token', onToken);
    case 'place':
      return draw('Disconnect', onDisconnect);
    case 'variables':
      return draw('Change the variables', onChange);
    case 'deployment':
      return draw('Change the redeployment', onChange);
    case 'sync':
    case null:
      return null;
  }
}
