import type { EventType } from '#lib/contract/webhook.ts';
import type { ToldEvent } from './dialect.ts';

const JOBS: Record<string, string> = {
  'project.rotate_credentials': 'The rotation',
  'project.verify_connection': 'The connection check',
  'integration.sync_env': 'The update of the variables',
  'environment.deploy': 'The deployment',
};
const jobOf = (data: Record<string, unknown>) => JOBS[String(data.job_type)] ?? 'A job';

/** What happened, in one sentence; `of` is the project. */
const SENTENCES: Record<EventType, (of: string, data: Record<string, unknown>) => string> = {
  'credentials.rotated': (of) => `The credentials${of} were rotated`,
  'project.deleted': (of) => `The project${of} was removed from Rekey`,
  'job.completed': (of, data) => `${jobOf(data)}${of} completed`,
  'job.failed': (of, data) => `${jobOf(data)}${of} failed`,
  'job.needs_attention': (of, data) => `${jobOf(data)}${of} needs attention: it is not known which password works`,
  'integration.synced': (of) => `The variables${of} were updated`,
  'integration.failed': (of) => `The variables${of} could not be updated`,
  'integration.drifted': (of) => `Someone changed the variables${of} at the provider`,
  'audit.checkpoint': (_, data) => `The audit log is whole up to event ${data.seq}`,
  'policy.missed': (_, data) => `The policy ${data.name} missed its window; nothing was changed`,
  'policy.backed_off': (of, data) => `The policy ${data.name} waits for its next window after ${data.failures} failed rotations${of}`,
  'campaign.started': (_, data) => `The campaign ${data.name} started: ${data.total} logins`,
  'campaign.paused': (_, data) => `The campaign ${data.name} was paused: ${data.rotated} of ${data.total} logins rotated`,
  'campaign.resumed': (_, data) => `The campaign ${data.name} was resumed`,
  'campaign.retried': (_, data) => `The campaign ${data.name} retries the logins that failed`,
  'campaign.stopped': (_, data) => `The campaign ${data.name} was stopped: ${data.failed} of ${data.total} logins failed`,
  'campaign.aborted': (_, data) => `The campaign ${data.name} was aborted: ${data.rotated} of ${data.total} logins rotated`,
  'campaign.completed': (_, data) => `The campaign ${data.name} completed: ${data.rotated} of ${data.total} logins rotated, ${data.failed} failed`,
  'policy.overdue_soon': (of, data) => `The password${of} is overdue on ${String(data.due_at).slice(0, 10)}, and the policy ${data.name} plans no run before`,
  'webhook.test': () => 'A test: Rekey can reach this channel',
  'vector.dev-site.database-password-reset': (of) => `The password of the development database${of} was reset`,
  'vector.environment.database-password-reset': (of) => `The password of an environment’s database${of} was reset`,
  'vector.site.created': () => 'A site was added',
  'vector.site.updated': () => 'A site was changed',
  'vector.site.deleted': () => 'A site was removed',
  'vector.environment.created': () => 'An environment was added',
  'vector.environment.updated': () => 'An environment was changed',
  'vector.environment.deleted': () => 'An environment was removed',
  'vector.deployment.started': (of) => `A deployment${of} started`,
  'vector.deployment.completed': (of) => `A deployment${of} completed`,
  'vector.deployment.failed': (of) => `A deployment${of} failed`,
  'vector.webhook.created': () => 'A webhook endpoint was added',
  'vector.webhook.updated': () => 'A webhook endpoint was changed',
  'vector.webhook.deleted': () => 'A webhook endpoint was deleted',
  'vector.api-key.created': () => 'An API key was created',
  'vector.api-key.deleted': () => 'An API key was revoked',
};

/** An event in words. One of a type that this release does not know is told by its type. */
export function sentenceOf({ type, projectName, data }: ToldEvent): string {
  const say = (SENTENCES as Partial<Record<string, (typeof SENTENCES)[EventType]>>)[type];
  return say?.(projectName === null ? '' : ` of ${projectName}`, data as Record<string, unknown>) ?? type;
}
