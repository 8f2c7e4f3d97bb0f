export const SCOPES = [
  'projects:read',
  'projects:write',
  'servers:manage',
  'credentials:read',
  'credentials:rotate',
  'audit:read',
  'api-keys:manage',
  'members:read',
  'members:manage',
  'integrations:sync',
  'integrations:manage',
  'webhooks:manage',
  'encryption:rotate',
] as const;

export type Scope = (typeof SCOPES)[number];
