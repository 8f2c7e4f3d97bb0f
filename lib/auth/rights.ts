import type { MemberRole } from '#generated/prisma/enums.ts';
import type { Scope } from '#lib/context.ts';

interface Right {
  /** Members with one of these roles may. */
  roles: readonly MemberRole[];
  /** API keys with this scope may; null: every key. */
  scope: Scope | null;
  /** False where a key limited to one project may not. */
  isOpenToLimitedKeys: boolean;
}

const EVERYBODY = ['owner', 'admin', 'operator', 'viewer'] as const;
const OPERATORS = ['owner', 'admin', 'operator'] as const;
const ADMINS = ['owner', 'admin'] as const;

/** Who may do what: the one table that every handler asks. */
export const RIGHTS = {
  'organization.read': { roles: EVERYBODY, scope: null, isOpenToLimitedKeys: true },
  'projects.read': { roles: EVERYBODY, scope: 'projects:read', isOpenToLimitedKeys: true },
  'projects.create': { roles: ADMINS, scope: 'projects:write', isOpenToLimitedKeys: false },
  'projects.change': { roles: ADMINS, scope: 'projects:write', isOpenToLimitedKeys: true },
  'credentials.read': { roles: ADMINS, scope: 'credentials:read', isOpenToLimitedKeys: true },
  'credentials.rotate': { roles: OPERATORS, scope: 'credentials:rotate', isOpenToLimitedKeys: true },
  'consumers.change': { roles: OPERATORS, scope: 'projects:write', isOpenToLimitedKeys: true },
  'tasks.tick': { roles: OPERATORS, scope: 'credentials:rotate', isOpenToLimitedKeys: true },
  'connection.verify': { roles: OPERATORS, scope: 'projects:read', isOpenToLimitedKeys: true },
  'sites.read': { roles: EVERYBODY, scope: 'projects:read', isOpenToLimitedKeys: false },
  'sites.change': { roles: ADMINS, scope: 'projects:write', isOpenToLimitedKeys: false },
  'secrets.change': { roles: OPERATORS, scope: 'projects:write', isOpenToLimitedKeys: false },
  'sites.reset': { roles: OPERATORS, scope: 'credentials:rotate', isOpenToLimitedKeys: false },
  'sites.deploy': { roles: OPERATORS, scope: 'credentials:rotate', isOpenToLimitedKeys: false },
  'audit.read': { roles: EVERYBODY, scope: 'audit:read', isOpenToLimitedKeys: true },
  'audit.verify': { roles: EVERYBODY, scope: 'audit:read', isOpenToLimitedKeys: false },
  'api-keys.manage': { roles: ADMINS, scope: 'api-keys:manage', isOpenToLimitedKeys: false },
  'integrations.read': { roles: EVERYBODY, scope: 'projects:read', isOpenToLimitedKeys: true },
  'integrations.sync': { roles: OPERATORS, scope: 'integrations:sync', isOpenToLimitedKeys: true },
  'integrations.manage': { roles: ADMINS, scope: 'integrations:manage', isOpenToLimitedKeys: true },
  'webhooks.manage': { roles: ADMINS, scope: 'webhooks:manage', isOpenToLimitedKeys: false },
} as const satisfies Record<string, Right>;

export type Action = keyof typeof RIGHTS;
