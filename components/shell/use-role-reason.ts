'use client';

import { useMe } from './me.tsx';

export type Role = 'owner' | 'admin' | 'operator' | 'viewer';
const ORDER: readonly Role[] = ['viewer', 'operator', 'admin', 'owner'];

/** Why the signed-in person may not do what `needed` may: a sentence for a disabled button, or false. The API decides, this only says it. */
export function useRoleReason(needed: Role): string | false {
  const role = useMe().principal.role;
  if (!role || ORDER.indexOf(role) >= ORDER.indexOf(needed)) return false;
  return `This needs the role ${needed}. You are ${role}.`;
}
