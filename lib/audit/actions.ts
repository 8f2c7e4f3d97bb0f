/** What can be done, in the past tense. The screens have a sentence for each. */
export const AUDIT_ACTIONS = [
  'organization.set_up',
  'session.created',
  'session.refused',
  'session.revoked',
  'api_key.created',
  'api_key.revoked',
  'project.adopted',
  'project.updated',
  'project.forgotten',
  'project.connection_viewed',
  'project.verification_requested',
  'project.connection_verified',
  'project.connection_refused',
  'project.rotation_requested',
  'project.credentials_rotated',
  'project.rotation_failed',
  'project.rotation_needs_attention',
  'project.sessions_ended',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];
