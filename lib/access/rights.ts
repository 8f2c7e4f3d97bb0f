import type { MemberRole } from '#generated/prisma/enums.ts';
import type { Scope } from '#lib/contract/scopes.ts';

/** The documented scopes of CapyDB. Those that stand in no row below are kept and permit nothing: there are no backups here. */
type CapydbScope = 'jobs:read' | 'organizations:read' | 'organizations:write' | 'api_keys:read' | 'api_keys:write';

export interface Right {
  /** Members with one of these roles may. */
  roles: readonly MemberRole[];
  /** API keys with this scope may; null: every key. */
  scope: Scope | null;
  /** CapyDB's scopes that permit it too: keys that its clients make name them. */
  also?: readonly CapydbScope[];
  /** False where who reaches some projects alone may not: a restricted member, a key limited to one project. */
  isOpenToLimited: boolean;
  /** Members must have given their password within the last five minutes (`FRESH_SECONDS`). */
  needsFreshSession?: true;
  /** It is about the signed-in person: no API key may. */
  isForPeople?: true;
}

const EVERYBODY = ['owner', 'admin', 'operator', 'viewer'] as const;
const OPERATORS = ['owner', 'admin', 'operator'] as const;
const ADMINS = ['owner', 'admin'] as const;

/** Who may do what: the one table that every handler asks. */
export const RIGHTS = {
  'self.read': { roles: EVERYBODY, scope: null, isOpenToLimited: true, isForPeople: true },
  'self.change': { roles: EVERYBODY, scope: null, isOpenToLimited: true, isForPeople: true, needsFreshSession: true },
  'mail.test': { roles: ['owner'], scope: null, isOpenToLimited: false, isForPeople: true, needsFreshSession: true },
  // Its verb asks for the password itself.
  'password.change': { roles: EVERYBODY, scope: null, isOpenToLimited: true, isForPeople: true },
  'organization.read': { roles: EVERYBODY, scope: null, isOpenToLimited: true },
  'projects.read': { roles: EVERYBODY, scope: 'projects:read', isOpenToLimited: true },
  'jobs.read': { roles: EVERYBODY, scope: 'projects:read', also: ['jobs:read'], isOpenToLimited: true },
  // What takes up a login, moves it or ends it.
  'projects.create': { roles: ADMINS, scope: 'projects:write', isOpenToLimited: false, needsFreshSession: true },
  // Names the logins of projects that are to come.
  'imports.read': { roles: ADMINS, scope: 'projects:read', isOpenToLimited: false },
  // Of two fingerprints: a key, which may be stolen, compares nothing.
  'server-keys.trust': { roles: ADMINS, scope: null, isOpenToLimited: true, isForPeople: true, needsFreshSession: true },
  // A rotator may change the password of every login of its server.
  'servers.manage': { roles: ADMINS, scope: 'servers:manage', isOpenToLimited: false, needsFreshSession: true },
  'projects.change': { roles: ADMINS, scope: 'projects:write', isOpenToLimited: true, needsFreshSession: true },
  'projects.change-many': { roles: ADMINS, scope: 'projects:write', isOpenToLimited: false, needsFreshSession: true },
  // Which server is trusted, and what is shown to one that is not: an API key cannot compare two fingerprints.
  'protection.change': { roles: ADMINS, scope: null, isOpenToLimited: true, isForPeople: true, needsFreshSession: true },
  'credentials.read': { roles: ADMINS, scope: 'credentials:read', isOpenToLimited: true, needsFreshSession: true },
  'credentials.rotate': { roles: OPERATORS, scope: 'credentials:rotate', isOpenToLimited: true, needsFreshSession: true },
  // With it goes who is asked to take up the next password.
  'consumers.change': { roles: OPERATORS, scope: 'projects:write', isOpenToLimited: true, needsFreshSession: true },
  'tasks.tick': { roles: OPERATORS, scope: 'credentials:rotate', isOpenToLimited: true },
  'connection.verify': { roles: OPERATORS, scope: 'projects:read', isOpenToLimited: true },
  'sites.read': { roles: EVERYBODY, scope: 'projects:read', isOpenToLimited: false },
  // With it goes where a deploy hook is called, and whoever is called fetches the password.
  'sites.change': { roles: ADMINS, scope: 'projects:write', isOpenToLimited: false, needsFreshSession: true },
  // A secret is a credential itself, and what is deployed runs with it.
  'secrets.change': { roles: OPERATORS, scope: 'projects:write', isOpenToLimited: false, needsFreshSession: true },
  'sites.verify': { roles: OPERATORS, scope: 'credentials:rotate', isOpenToLimited: false },
  'sites.reset': { roles: OPERATORS, scope: 'credentials:rotate', isOpenToLimited: false, needsFreshSession: true },
  // The hook that is called fetches the password, and the former one ends with the deployment.
  'sites.deploy': { roles: OPERATORS, scope: 'credentials:rotate', isOpenToLimited: false, needsFreshSession: true },
  'policies.read': { roles: EVERYBODY, scope: 'projects:read', isOpenToLimited: false },
  // It rotates passwords later, without anyone asking.
  'policies.manage': { roles: ADMINS, scope: 'projects:write', isOpenToLimited: false, needsFreshSession: true },
  'campaigns.read': { roles: EVERYBODY, scope: 'projects:read', isOpenToLimited: false },
  'campaigns.run': { roles: OPERATORS, scope: 'credentials:rotate', isOpenToLimited: false, needsFreshSession: true },
  // It begins no rotation, and it may be urgent.
  'campaigns.hold': { roles: OPERATORS, scope: 'credentials:rotate', isOpenToLimited: false },
  'audit.read': { roles: EVERYBODY, scope: 'audit:read', isOpenToLimited: true },
  'audit.verify': { roles: EVERYBODY, scope: 'audit:read', isOpenToLimited: false },
  'members.read': { roles: EVERYBODY, scope: 'members:read', isOpenToLimited: false },
  'members.manage': { roles: ADMINS, scope: 'members:manage', isOpenToLimited: false, needsFreshSession: true },
  'api-keys.read': { roles: ADMINS, scope: 'api-keys:manage', also: ['api_keys:read', 'api_keys:write'], isOpenToLimited: false },
  'api-keys.manage': { roles: ADMINS, scope: 'api-keys:manage', also: ['api_keys:write'], isOpenToLimited: false, needsFreshSession: true },
  'encryption.read': { roles: ['owner'], scope: 'encryption:rotate', isOpenToLimited: false },
  'encryption.rotate': { roles: ['owner'], scope: 'encryption:rotate', isOpenToLimited: false, needsFreshSession: true },
  'integrations.read': { roles: EVERYBODY, scope: 'projects:read', isOpenToLimited: true },
  // Looks at what stands at a provider, and takes note of it.
  'integrations.check': { roles: OPERATORS, scope: 'integrations:sync', isOpenToLimited: true },
  // Writes the URL there over what stands there.
  'integrations.sync': { roles: OPERATORS, scope: 'integrations:sync', isOpenToLimited: true, needsFreshSession: true },
  'integrations.manage': { roles: ADMINS, scope: 'integrations:manage', isOpenToLimited: true, needsFreshSession: true },
  'webhooks.read': { roles: ADMINS, scope: 'webhooks:manage', also: ['organizations:read', 'organizations:write'], isOpenToLimited: false },
  'webhooks.manage': { roles: ADMINS, scope: 'webhooks:manage', also: ['organizations:write'], isOpenToLimited: false, needsFreshSession: true },
} as const satisfies Record<string, Right>;

export type Action = keyof typeof RIGHTS;
