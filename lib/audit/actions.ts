import type { AuditOutcome } from '#generated/prisma/enums.ts';

/** What can be done, in the past tense. The screens have a sentence for each. */
export const AUDIT_ACTIONS = [
  'organization.set_up',
  'session.created',
  'session.refused',
  'session.revoked',
  'access.refused',
  'api_key.created',
  'api_key.revoked',
  'api_key.refused',
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
  'consumer.created',
  'consumer.updated',
  'consumer.deleted',
  'consumer.task_ticked',
  'consumer.task_unticked',
  'site.adopted',
  'site.updated',
  'site.forgotten',
  'site.config_written',
  'environment.created',
  'environment.updated',
  'environment.deleted',
  'webhook.created',
  'webhook.updated',
  'webhook.deleted',
  'webhook.secret_rotated',
  'webhook.disabled',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

const OUTCOMES: Partial<Record<AuditAction, AuditOutcome>> = {
  'session.refused': 'refused',
  'access.refused': 'refused',
  'api_key.refused': 'refused',
  'project.connection_refused': 'failed',
  'project.rotation_failed': 'failed',
  'project.rotation_needs_attention': 'unknown',
  'webhook.disabled': 'failed',
};

/** How an action ended; done, unless its name tells otherwise. */
export const outcomeOf = (action: AuditAction): AuditOutcome => OUTCOMES[action] ?? 'done';
