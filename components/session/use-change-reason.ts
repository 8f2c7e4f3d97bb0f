'use client';

import type { ProjectWire } from '#lib/contract/project.ts';
import { useStaleReason } from './live.tsx';
import { useRoleReason } from './use-role-reason.ts';

/** Why the project's settings may not be changed now, or false. */
export function useChangeReason(): string | false {
  const roleReason = useRoleReason('admin');
  const staleReason = useStaleReason();
  return roleReason || staleReason;
}

/** The same for what a running rotation needs as it is. */
export function useTargetReason({ state }: ProjectWire): string | false {
  const reason = useChangeReason();
  return reason || (state === 'rotating_credentials' && 'A rotation is in progress. Wait until it has ended.');
}
