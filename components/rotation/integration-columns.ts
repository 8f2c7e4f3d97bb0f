import { type Deployment, deploymentOf } from '#components/integrations/redeploy-words.ts';
import type { IntegrationWire } from '#lib/contract/integration.ts';
import type { RotationWire } from '#lib/contract/job.ts';
import type { ColumnState, HandoverColumn } from './handover-columns.ts';

type Told = Pick<HandoverColumn, 'state' | 'note'>;

const hasTaken = (target: IntegrationWire['targets'][number], version: number): boolean =>
  target.version !== null && target.version >= version && (target.state === 'in_sync' || target.state === 'unverified');

function pushed(integrations: readonly IntegrationWire[], version: number): Told {
  const targets = integrations.flatMap((integration) => integration.targets);
  const taken = targets.filter((target) => hasTaken(target, version)).length;
  const count = `${taken} of ${targets.length}`;
  if (integrations.some(({ sync }) => sync !== null)) return { state: 'now', note: count };
  if (taken === targets.length) return { state: 'done', note: count };
  const isLeft = ({ kept_at: keptAt }: (typeof targets)[number]) => keptAt !== null;
  if (targets.every((target) => hasTaken(target, version) || isLeft(target))) return { state: 'done', note: `${count}, drift kept` };
  const isDrifted = targets.every((target) => hasTaken(target, version) || target.state === 'drifted');
  return isDrifted ? { state: 'person', note: 'drifted' } : { state: 'failed', note: count };
}

/** What all deployments together say: the first that applies. */
const DEPLOYED: readonly (readonly [is: Deployment['is'], state: ColumnState])[] = [
  ['failed', 'failed'],
  ['asked', 'now'],
  ['due', 'person'],
  ['waiting', 'waiting'],
];

function deployed(integrations: readonly IntegrationWire[], version: number): Told | null {
  const all: Deployment['is'][] = integrations.map((integration) => deploymentOf(integration, version).is).filter((is) => is !== 'next-run');
  if (all.length === 0) return null;
  const [, state] = DEPLOYED.find(([is]) => all.includes(is)) ?? ['started', 'done' as const];
  return { state, note: `${all.filter((is) => is === 'started').length} of ${all.length} started` };
}

/** The columns that tell how the new password gets to the integrations; none for a rotation that a later one has overtaken. */
export function integrationColumns(rotation: RotationWire, integrations: readonly IntegrationWire[], currentVersion: number): HandoverColumn[] {
  const { state, to_version: version } = rotation;
  if (integrations.length === 0 || (state === 'completed' && version < currentVersion)) return [];
  const count = integrations.flatMap(({ targets }) => targets).length;
  const later: Told =
    state === 'failed' ? { state: 'skipped', note: 'not reached' } : { state: 'waiting', note: count === 1 ? '1 target' : `${count} targets` };
  const isDone = state === 'completed';
  const deployment = deployed(integrations, version);
  return [
    { id: 'pushed', label: 'Pushed', ...(isDone ? pushed(integrations, version) : later) },
    ...(deployment ? [{ id: 'deployed' as const, label: 'Deploy started', ...(isDone ? deployment : { ...later, note: '' }) }] : []),
  ];
}
