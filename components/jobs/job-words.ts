import { placeName } from '#components/data/providers.ts';
import type { StateKind } from '#components/ui/state.tsx';
import type { JobWire } from '#lib/contract/job.ts';

/** How a job stands, for its row; `noWorker`: nobody is there to do it. */
export function jobState({ state, rotation }: Pick<JobWire, 'state' | 'rotation'>, noWorker: boolean): { kind: StateKind; label: string } {
  if (noWorker && (state === 'queued' || state === 'running')) return { kind: 'waiting', label: 'Waiting for a worker' };
  if (rotation?.state === 'needs_attention') return { kind: 'unknown', label: 'Needs attention' };
  switch (state) {
    case 'queued':
      return { kind: 'running', label: 'Queued' };
    case 'running':
      return { kind: 'running', label: 'Running' };
    case 'completed':
      return { kind: 'ok', label: 'Completed' };
    case 'failed':
      return { kind: 'failed', label: 'Failed' };
  }
}

/** What a job does. */
export function jobTitle({ type, rotation, sync, deployment }: Pick<JobWire, 'type' | 'rotation' | 'sync' | 'deployment'>): string {
  switch (type) {
    case 'project.rotate_credentials':
      return rotation === null ? 'Rotation' : `Rotation to v${rotation.to_version}`;
    case 'project.verify_connection':
      return 'Connection check';
    case 'integration.sync_env':
      return sync === null ? 'Sync' : `Sync of ${placeName(sync)}`;
    case 'environment.deploy':
      return deployment === null ? 'Deployment' : `Deployment ${deployment.number} of ${deployment.environment_name}`;
    case 'credential.retire':
      return 'Retirement of old passwords';
    case 'project.delete':
      return 'Removal from Rekey';
  }
}

/** How long it took, in ms; null while it has not begun or ended. */
export const tookMs = ({ created_at: created, completed_at: completed }: Pick<JobWire, 'created_at' | 'completed_at'>): number | null =>
  completed === null ? null : Math.max(0, Date.parse(completed) - Date.parse(created));
