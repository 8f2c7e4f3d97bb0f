'use client';

import type { ProjectWire } from '#lib/contract/project.ts';
import { useStaleReason } from './live.tsx';
import { useMe } from './me.tsx';

export type Role = 'owner' | 'admin' | 'operator' | 'viewer';
const ORDER: readonly Role[] = ['viewer', 'operator', 'admin', 'owner'];

/** The same for what is not of one project: a restricted member may not do it, whatever the role. */
export function useOrganizationReason(needed: Role): string | false {
  const roleReason = useRoleReason(needed);
  const isRestricted = useMe().principal.project_ids !== undefined;
  return roleReason || (isRestricted && 'You are restricted to some projects.');
}

/** Why the signed-in person may not do what `needed` may: a sentence for a disabled button, or false. The API decides, this only says it. */
export function useRoleReason(needed: Role): string | false {
  const role = useMe().principal.role;
  if (!role || ORDER.indexOf(role) >= ORDER.indexOf(needed)) return false;
  return `This needs the role ${needed}. You are ${role}.`;
}

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
