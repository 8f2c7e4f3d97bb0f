import type { MemberRole } from '#generated/prisma/enums.ts';
import type { Scope } from '#lib/context.ts';

interface Right {
  /** Members with one of these roles may. */
  roles: readonly MemberRole[];
  /** API keys with this scope may; null: every key. */
  scope: Scope | null;
  /** False where who reaches some projects alone may not: a restricted member, a key limited to one project. */
  isOpenToLimited: boolean;
}

const EVERYBODY = ['owner', 'admin', 'operator', 'viewer'] as const;
const OPERATORS = ['owner', 'admin', 'operator'] as const;
const ADMINS = ['owner', 'admin'] as const;

/** Who may do what: the one table that every handler asks. */
export const RIGHTS = {
  'organization.read': { roles: EVERYBODY, scope: null, isOpenToLimited: true },
  'projects.read': { roles: EVERYBODY, scope: 'projects:read', isOpenToLimited: true },
  'projects.create': { roles: ADMINS, scope: 'projects:write', isOpenToLimited: false },
  'projects.change': { roles: ADMINS, scope: 'projects:write', isOpenToLimited: true },
  'credentials.read': { roles: ADMINS, scope: 'credentials:read', isOpenToLimited: true },
  'credentials.rotate': { roles: OPERATORS, scope: 'credentials:rotate', isOpenToLimited: true },
  'consumers.change': { roles: OPERATORS, scope: 'projects:write', isOpenToLimited: true },
  'tasks.tick': { roles: OPERATORS, scope: 'credentials:rotate', isOpenToLimited: true },
  'connection.verify': { roles: OPERATORS, scope: 'projects:read', isOpenToLimited: true },
  'sites.read': { roles: EVERYBODY, scope: 'projects:read', isOpenToLimited: false },
  'sites.change': { roles: ADMINS, scope: 'projects:write', isOpenToLimited: false },
  'secrets.change': { roles: OPERATORS, scope: 'projects:write', isOpenToLimited: false },
  'sites.reset': { roles: OPERATORS, scope: 'credentials:rotate', isOpenToLimited: false },
  'sites.deploy': { roles: OPERATORS, scope: 'credentials:rotate', isOpenToLimited: false },
  'audit.read': { roles: EVERYBODY, scope: 'audit:read', isOpenToLimited: true },
  'audit.verify': { roles: EVERYBODY, scope: 'audit:read', isOpenToLimited: false },
  'members.read': { roles: EVERYBODY, scope: 'members:read', isOpenToLimited: false },
  'members.manage': { roles: ADMINS, scope: 'members:manage', isOpenToLimited: false },
  'api-keys.manage': { roles: ADMINS, scope: 'api-keys:manage', isOpenToLimited: false },
  'encryption.rotate': { roles: ['owner'], scope: 'encryption:rotate', isOpenToLimited: false },
  'integrations.read': { roles: EVERYBODY, scope: 'projects:read', isOpenToLimited: true },
  'integrations.sync': { roles: OPERATORS, scope: 'integrations:sync', isOpenToLimited: true },
  'integrations.manage': { roles: ADMINS, scope: 'integrations:manage', isOpenToLimited: true },
  'webhooks.manage': { roles: ADMINS, scope: 'webhooks:manage', isOpenToLimited: false },
} as const satisfies Record<string, Right>;

export type Action = keyof typeof RIGHTS;
