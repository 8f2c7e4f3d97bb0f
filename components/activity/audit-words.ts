import { REASON_LABELS, type Reason } from '#components/proofs/reasons.ts';
import { failureAdvice } from '#components/rotation/failure-advice.ts';
import { code, type Sentence, say } from '#components/ui/sentence.ts';
import { countWords } from '#components/ui/words.ts';
import type { AuditEventWire } from '#lib/contract/audit.ts';
import { PROVIDERS, type Provider } from '#lib/contract/providers/providers.ts';

/** What somebody did, told after their name. */
export interface AuditWords {
  mark: 'rotate' | 'reveal' | 'person' | 'proven' | 'refused' | 'failed' | 'unknown' | 'key' | 'edit' | 'forget' | 'session';
  did: Sentence;
  /** The smaller line's first part: why. */
  why: string | null;
}

const textOf = ({ metadata }: AuditEventWire, key: string): string | null => (typeof metadata[key] === 'string' ? metadata[key] : null);
const numberOf = ({ metadata }: AuditEventWire, key: string): number | null => (typeof metadata[key] === 'number' ? metadata[key] : null);

const FIELDS: Record<string, string> = {
  name: 'the name',
  environment: 'the environment',
  connection_url: 'the connection URL',
  pooled_connection_url: 'the pooled URL',
  rotator_url: 'the rotator login',
  ssl_mode: 'the TLS mode',
  ca_pem: 'the CA certificate',
  token: 'the token',
  variables: 'the variables',
  targets: 'the targets',
  preview_branches: 'the preview branches',
  redeploy: 'when it redeploys',
  deploy_hook_url: 'the deploy hook',
  workflow: 'the workflow',
  ref: 'the branch',
  max_age_days: 'the maximum age',
  cron: 'the cron expression',
  windows: 'the windows',
  time_zone: 'the time zone',
  blackouts: 'the blackout dates',
  spread: 'the spread',
  close_sessions: 'what happens to sessions',
  grace_hours: 'the grace hours',
  run_when_back: 'what happens to missed runs',
  tag_rule: 'the tag rule',
  is_default: 'whether it is the default',
};

function placeOf(event: AuditEventWire): string {
  const provider = textOf(event, 'provider');
  const name = textOf(event, 'name');
  return provider === null
    ? 'an integration'
    : `${provider in PROVIDERS ? PROVIDERS[provider as Provider].fullName : provider}${name === null ? '' : ` · ${name}`}`;
}

function fieldsOf({ metadata }: AuditEventWire, otherwise = 'the project'): string {
  const fields = Array.isArray(metadata.fields) ? metadata.fields.map((field) => FIELDS[String(field)] ?? String(field)) : [];
  if (fields.length === 0) return otherwise;
  const last = fields.at(-1);
  return fields.length === 1 ? `${last}` : `${fields.slice(0, -1).join(', ')} and ${last}`;
}

/** A member's role, and how far it reaches. */
function reachOf(event: AuditEventWire): string {
  const projects = numberOf(event, 'projects');
  return `${textOf(event, 'role') ?? 'a role'}, ${projects === null ? 'all projects' : projects === 1 ? '1 project' : `${projects} projects`}`;
}

function passwordsOf(event: AuditEventWire, key: string): string {
  const count = numberOf(event, key);
  return count === 1 ? '1 password' : `${count ?? 'the'} passwords`;
}

/** Of a campaign. */
const rotatedOf = (event: AuditEventWire): string => `${numberOf(event, 'rotated') ?? 0} of ${numberOf(event, 'total') ?? 0} logins rotated`;

function reasonOf(event: AuditEventWire): string | null {
  const reason = textOf(event, 'reason');
  const note = textOf(event, 'note');
  const name = reason !== null && reason in REASON_LABELS ? REASON_LABELS[reason as Reason].toLowerCase() : null;
  if (note === null) return name;
  return `${name ?? 'note'}: “${note}”`;
}

/** A prompt for the password, which earlier versions recorded as a refusal. */
const isPasswordPrompt = (event: AuditEventWire): boolean => event.action === 'access.refused' && textOf(event, 'code') === 'reauthentication_required';

/** The outcome to show. Earlier versions recorded a failed deployment and a drift as done, and records never change. */
export function outcomeShown(event: AuditEventWire): AuditEventWire['outcome'] {
  if (isPasswordPrompt(event)) return 'done';
  if (event.action === 'deployment.failed') return 'failed';
  return event.action === 'project.integration_drifted' ? 'unknown' : event.outcome;
}

/** The sentence of an audit event. Every action of Rekey has one; an unknown one is named as it is. */
export function auditWords(event: AuditEventWire): AuditWords {
  const role = textOf(event, 'role_name');
  const ofRole = role === null ? 'the role' : code(role);
  const version = numberOf(event, 'version');
  const place = placeOf(event);
  const password = version === null ? 'the password' : `v${version}`;
  const failure = (): string => failureAdvice(textOf(event, 'code'), textOf(event, 'engine')).short;
  switch (event.action) {
    case 'project.adopted':
      return { mark: 'edit', did: say`added this database; nothing was changed on it`, why: null };
    case 'project.updated':
      return { mark: 'edit', did: say`changed ${fieldsOf(event)}`, why: null };
    case 'project.forgotten':
      return { mark: 'forget', did: say`made Rekey forget the project ${textOf(event, 'name') ?? ''}`, why: null };
    case 'project.connection_viewed':
      return { mark: 'reveal', did: say`read the URL of ${ofRole}${version === null ? '' : `, v${version}`}`, why: null };
    case 'project.verification_requested':
      return { mark: 'person', did: say`requested a connection check`, why: null };
    case 'project.connection_verified':
      return { mark: 'proven', did: say`logged in with the current password of ${ofRole}`, why: null };
    case 'project.connection_refused':
      return { mark: 'failed', did: say`could not log in with the current password of ${ofRole}: ${failure()}`, why: null };
    case 'project.credential_recovered': {
      const [from, to] = [numberOf(event, 'from_version'), numberOf(event, 'to_version')];
      const [refused, works] = [from === null ? 'the current one' : `v${from}`, to === null ? 'another one' : `v${to}`];
      return {
        mark: 'proven',
        did: say`found that of the stored passwords of ${ofRole} not ${refused} but ${works} works, and now uses it`,
        why: null,
      };
    }
    case 'project.server_key_trusted': {
      const to = textOf(event, 'to');
      return { mark: 'edit', did: say`trusted the server key ${code(to === null ? '?' : to.slice(0, 8))}… for ${ofRole}`, why: null };
    }
    case 'project.rotation_requested':
      return { mark: 'rotate', did: say`requested a rotation of ${ofRole}`, why: reasonOf(event) };
    case 'project.credentials_rotated':
      return { mark: 'rotate', did: say`rotated the credentials of ${ofRole}${versionsOf(event)}`, why: askedBy(event) };
    case 'project.credentials_retired':
      return { mark: 'rotate', did: say`ended the old passwords of ${ofRole}`, why: askedBy(event) };
    case 'project.rotation_failed':
      return { mark: 'failed', did: say`could not rotate ${ofRole}: ${failure()}`, why: askedBy(event) };
    case 'project.rotation_needs_attention':
      return { mark: 'unknown', did: say`does not know which password of ${ofRole} works: ${failure()}`, why: askedBy(event) };
    case 'project.sessions_ended': {
      const count = numberOf(event, 'count');
      const address = textOf(event, 'address');
      const from = address === null ? '' : ` from ${[textOf(event, 'application'), address].filter(Boolean).join(' at ')}`;
      return {
        mark: 'session',
        did: say`closed ${count === null ? 'sessions' : countWords(count, 'session')} of ${ofRole}${from}`,
        why: null,
      };
    }
    case 'project.integration_connected':
      return { mark: 'edit', did: say`connected ${place}`, why: null };
    case 'project.integration_updated':
      return { mark: 'edit', did: say`changed ${fieldsOf(event, 'the settings')} of ${place}`, why: null };
    case 'project.integration_disconnected':
      return { mark: 'forget', did: say`disconnected ${place}; its variables stay there`, why: null };
    case 'project.integration_sync_requested':
      if (Array.isArray(event.metadata.put_back)) return { mark: 'person', did: say`requested to restore Rekey’s values at ${place}`, why: null };
      return { mark: 'person', did: say`requested a sync of ${place}`, why: null };
    case 'project.integration_drifted':
      return {
        mark: 'unknown',
        did: say`found that someone changed ${textOf(event, 'target') ?? 'the variables'} at ${place}; nothing was overwritten`,
        why: null,
      };
    case 'project.integration_kept':
      return { mark: 'person', did: say`kept the changed value at ${place} until the next rotation`, why: null };
    case 'project.integration_check_failed':
      return { mark: 'failed', did: say`could not check ${place} for drift`, why: null };
    case 'project.integration_synced':
      return { mark: 'edit', did: say`synced ${password} to ${place}`, why: null };
    case 'project.integration_sync_failed':
      return { mark: 'failed', did: say`could not sync ${password} to all of ${place}`, why: null };
    case 'project.integration_redeploy_requested':
      return { mark: 'person', did: say`requested a redeployment of ${place}`, why: null };
    case 'project.integration_redeployed':
      return { mark: 'edit', did: say`started a redeployment of ${place}`, why: askedBy(event) };
    case 'project.integration_redeploy_failed':
      return { mark: 'failed', did: say`could not redeploy ${place}`, why: askedBy(event) };
    case 'member.invited':
      return { mark: 'person', did: say`invited ${textOf(event, 'email') ?? 'someone'} as ${textOf(event, 'role') ?? 'a member'}`, why: null };
    case 'member.invitation_renewed':
      return { mark: 'person', did: say`created a new link for the invitation of ${textOf(event, 'email') ?? 'someone'}`, why: null };
    case 'member.invitation_revoked':
      return { mark: 'forget', did: say`revoked the invitation of ${textOf(event, 'email') ?? 'someone'}`, why: null };
    case 'member.joined':
      return { mark: 'person', did: say`became a member as ${textOf(event, 'role') ?? 'invited'}`, why: null };
    case 'member.changed':
      return { mark: 'person', did: say`changed what ${textOf(event, 'email') ?? 'a member'} may do: ${reachOf(event)}`, why: null };
    case 'member.removed':
      return { mark: 'forget', did: say`removed ${textOf(event, 'email') ?? 'a member'}; their sessions and keys ended`, why: null };
    case 'member.departure_requested':
      return {
        mark: 'rotate',
        did: say`requested a rotation of ${passwordsOf(event, 'credentials')} that ${textOf(event, 'email') ?? 'a member'} had seen`,
        why: null,
      };
    case 'member.departure_completed': {
      const left = numberOf(event, 'failed') ?? 0;
      const who = textOf(event, 'email') ?? 'a member';
      if (left === 0) return { mark: 'rotate', did: say`rotated ${passwordsOf(event, 'rotated')} that ${who} had seen`, why: null };
      return { mark: 'failed', did: say`could not rotate ${passwordsOf(event, 'failed')} that ${who} had seen`, why: null };
    }
    case 'api_key.created':
      return { mark: 'key', did: say`created the API key ${textOf(event, 'name') ?? ''}`, why: null };
    case 'api_key.rotated':
      return { mark: 'key', did: say`rotated the API key ${textOf(event, 'name') ?? ''}`, why: null };
    case 'api_key.revoked':
      return { mark: 'key', did: say`revoked the API key ${textOf(event, 'name') ?? ''}`, why: null };
    case 'consumer.created':
      return { mark: 'edit', did: say`added the consumer ${textOf(event, 'name') ?? ''}`, why: null };
    case 'consumer.updated':
      return { mark: 'edit', did: say`changed the consumer ${textOf(event, 'name') ?? ''}`, why: null };
    case 'consumer.deleted':
      return { mark: 'forget', did: say`removed the consumer ${textOf(event, 'name') ?? ''}`, why: null };
    case 'consumer.task_ticked':
      return { mark: 'person', did: say`checked off ${textOf(event, 'name') ?? 'a task'}`, why: null };
    case 'consumer.task_unticked':
      return { mark: 'person', did: say`unchecked ${textOf(event, 'name') ?? 'a task'}`, why: null };
    case 'site.adopted':
      return {
        mark: 'edit',
        did: say`added the site of ${textOf(event, 'partner_customer_id') ?? 'a customer'}; nothing was changed on its database`,
        why: null,
      };
    case 'site.updated':
      return { mark: 'edit', did: say`changed the site of ${textOf(event, 'partner_customer_id') ?? 'a customer'}`, why: null };
    case 'site.forgotten':
      return { mark: 'forget', did: say`made Rekey forget the site of ${textOf(event, 'partner_customer_id') ?? 'a customer'}`, why: null };
    case 'site.config_written':
      return {
        mark: 'edit',
        did: say`wrote ${version === null ? 'the password' : `v${version}`} into ${code(textOf(event, 'path') ?? 'wp-config.php')}`,
        why: null,
      };
    case 'dev_site.database_password_reset':
      return { mark: 'rotate', did: say`reset the development password of ${textOf(event, 'partner_customer_id') ?? 'a site'}`, why: askedBy(event) };
    case 'environment.database_password_reset':
      return { mark: 'rotate', did: say`reset the password of the environment ${textOf(event, 'name') ?? ''}`, why: askedBy(event) };
    case 'environment.created':
      return { mark: 'edit', did: say`added the environment ${textOf(event, 'name') ?? ''}`, why: null };
    case 'environment.updated':
      return { mark: 'edit', did: say`changed the environment ${textOf(event, 'name') ?? ''}`, why: null };
    case 'environment.deleted':
      return { mark: 'forget', did: say`made Rekey forget the environment ${textOf(event, 'name') ?? ''}`, why: null };
    case 'deployment.requested':
      return { mark: 'person', did: say`requested deployment ${numberOf(event, 'number') ?? ''} of ${textOf(event, 'name') ?? 'an environment'}`, why: null };
    case 'deployment.variables_fetched':
      return { mark: 'reveal', did: say`gave the variables of ${textOf(event, 'name') ?? 'an environment'} to its deploy hook`, why: null };
    case 'deployment.completed':
      return { mark: 'proven', did: say`deployed ${textOf(event, 'name') ?? 'an environment'}`, why: askedBy(event) };
    case 'deployment.failed':
      return { mark: 'failed', did: say`could not deploy ${textOf(event, 'name') ?? 'an environment'}`, why: askedBy(event) };
    case 'secret.created':
      return { mark: 'key', did: say`added the secret ${code(textOf(event, 'key') ?? '')}`, why: null };
    case 'secret.updated':
      return { mark: 'key', did: say`changed the secret ${code(textOf(event, 'key') ?? '')}`, why: null };
    case 'secret.deleted':
      return { mark: 'forget', did: say`deleted the secret ${code(textOf(event, 'key') ?? '')}`, why: null };
    case 'webhook.created':
      return { mark: 'edit', did: say`added a webhook to ${textOf(event, 'host') ?? 'a receiver'}`, why: null };
    case 'webhook.updated':
      return { mark: 'edit', did: say`changed the webhook to ${textOf(event, 'host') ?? 'a receiver'}`, why: null };
    case 'webhook.deleted':
      return { mark: 'forget', did: say`deleted the webhook to ${textOf(event, 'host') ?? 'a receiver'}`, why: null };
    case 'webhook.secret_rotated':
      return { mark: 'key', did: say`gave the webhook to ${textOf(event, 'host') ?? 'a receiver'} a new secret`, why: null };
    case 'webhook.disabled':
      return {
        mark: 'failed',
        did: say`disabled the webhook to ${textOf(event, 'host') ?? 'a receiver'}: ${textOf(event, 'reason') === 'failing' ? 'no delivery succeeded for three days' : 'it answered 410'}`,
        why: null,
      };
    case 'audit.verified':
      return { mark: event.outcome === 'failed' ? 'failed' : 'proven', did: say`verified the whole audit log`, why: event.reason };
    case 'audit.chain_broken':
      return { mark: 'failed', did: say`found the audit log changed`, why: event.reason };
    case 'audit.chain_sealed':
      return { mark: 'proven', did: say`sealed the audit log of an earlier version as it is`, why: null };
    case 'audit.exported':
      return { mark: 'reveal', did: say`exported the audit log`, why: null };
    case 'audit.segment_sealed':
      return { mark: 'proven', did: say`sealed the audit log up to event ${String(numberOf(event, 'through_seq') ?? '')}`, why: null };
    case 'audit.segment_removed':
      return { mark: 'forget', did: say`removed the sealed audit events up to ${String(numberOf(event, 'through_seq') ?? '')}`, why: null };
    case 'policy.created':
      return { mark: 'edit', did: say`created the policy ${textOf(event, 'name') ?? ''}; nothing rotates now`, why: null };
    case 'policy.updated':
      return { mark: 'edit', did: say`changed ${fieldsOf(event, 'the settings')} of the policy ${textOf(event, 'name') ?? ''}`, why: null };
    case 'member.notifications_changed':
      return { mark: 'edit', did: say`changed what they are notified of by e-mail`, why: null };
    case 'policy.paused':
      return { mark: 'edit', did: say`paused the policy ${textOf(event, 'name') ?? ''}`, why: null };
    case 'policy.resumed':
      return { mark: 'edit', did: say`resumed the policy ${textOf(event, 'name') ?? ''}`, why: null };
    case 'policy.deleted':
      return { mark: 'forget', did: say`deleted the policy ${textOf(event, 'name') ?? ''}`, why: null };
    case 'policy.missed': {
      const logins = numberOf(event, 'logins');
      const counted = logins === 1 ? '1 login' : `${logins ?? 'some'} logins`;
      return {
        mark: 'failed',
        did: say`did not start ${counted} of the policy ${textOf(event, 'name') ?? ''} before its window closed; nothing was changed`,
        why: null,
      };
    }
    case 'policy.backed_off':
      return {
        mark: 'failed',
        did: say`failed ${numberOf(event, 'failures') ?? 2} times in a row to rotate ${ofRole} for the policy ${textOf(event, 'name') ?? ''}, and waits for its next window`,
        why: null,
      };
    case 'campaign.started':
      return { mark: 'rotate', did: say`started the campaign ${textOf(event, 'name') ?? ''} over ${passwordsOf(event, 'total')}`, why: event.reason };
    case 'campaign.paused':
      return { mark: 'edit', did: say`paused the campaign ${textOf(event, 'name') ?? ''} at ${rotatedOf(event)}`, why: null };
    case 'campaign.resumed':
      return { mark: 'rotate', did: say`resumed the campaign ${textOf(event, 'name') ?? ''} at ${rotatedOf(event)}`, why: null };
    case 'campaign.retried':
      return { mark: 'rotate', did: say`retried the logins of the campaign ${textOf(event, 'name') ?? ''} that had failed`, why: null };
    case 'campaign.stopped':
      return { mark: 'failed', did: say`stopped the campaign ${textOf(event, 'name') ?? ''} at ${rotatedOf(event)}: too many rotations failed`, why: null };
    case 'campaign.aborted':
      return { mark: 'forget', did: say`aborted the campaign ${textOf(event, 'name') ?? ''} at ${rotatedOf(event)}`, why: null };
    case 'campaign.completed':
      return {
        mark: event.outcome === 'failed' ? 'failed' : 'rotate',
        did: say`completed the campaign ${textOf(event, 'name') ?? ''} with ${rotatedOf(event)}`,
        why: null,
      };
    case 'project.policy_assigned':
      return textOf(event, 'name') === null
        ? { mark: 'edit', did: say`left the policy of ${ofRole} to tag rules and the default`, why: null }
        : { mark: 'edit', did: say`set the policy ${textOf(event, 'name') ?? ''} for ${ofRole}`, why: null };
    case 'import.started': {
      const rows = numberOf(event, 'new') ?? 0;
      return { mark: 'edit', did: say`started the import ${textOf(event, 'name') ?? ''} with ${rows === 1 ? '1 new row' : `${rows} new rows`}`, why: null };
    }
    case 'import.completed': {
      const [imported, failed] = [numberOf(event, 'imported') ?? 0, numberOf(event, 'failed') ?? 0];
      return {
        mark: failed > 0 ? 'failed' : 'proven',
        did: say`completed the import ${textOf(event, 'name') ?? ''}: ${imported} imported, ${failed} failed`,
        why: null,
      };
    }
    case 'import.canceled': {
      const rows = numberOf(event, 'canceled') ?? 0;
      return { mark: 'forget', did: say`canceled the import ${textOf(event, 'name') ?? ''} with ${rows === 1 ? '1 row' : `${rows} rows`} left`, why: null };
    }
    case 'encryption.rotation_requested':
      return { mark: 'key', did: say`requested to wrap all secrets with the encryption key ${textOf(event, 'key_id') ?? ''}`, why: null };
    case 'encryption.rotated':
      return { mark: 'proven', did: say`wrapped all secrets with the encryption key ${textOf(event, 'key_id') ?? ''}`, why: null };
    case 'encryption.rotation_failed':
      return { mark: 'failed', did: say`could not wrap all secrets with the encryption key ${textOf(event, 'key_id') ?? ''}`, why: event.reason };
    case 'session.created':
      return { mark: 'person', did: say`signed in${withFactor(event)}`, why: null };
    case 'session.refused':
      return { mark: 'refused', did: say`was refused at the sign-in`, why: event.reason };
    case 'second_factor.enabled':
      return { mark: 'person', did: say`turned the second factor on`, why: null };
    case 'second_factor.disabled':
      return { mark: 'person', did: say`turned the second factor off`, why: null };
    case 'second_factor.recovery_codes_made':
      return { mark: 'person', did: say`created new recovery codes`, why: null };
    case 'password.changed':
      return { mark: 'person', did: say`changed the password of their own login${withFactor(event)}`, why: null };
    case 'password.change_refused':
      return { mark: 'refused', did: say`was refused when changing the password of their own login`, why: event.reason };
    case 'session.confirmed':
      return { mark: 'person', did: say`entered the password again${withFactor(event)}`, why: null };
    case 'session.confirmation_requested':
      return { mark: 'session', did: say`was prompted for the password`, why: null };
    case 'session.confirmation_refused':
      return { mark: 'refused', did: say`entered a wrong password or code when prompted`, why: event.reason };
    case 'access.refused':
      if (isPasswordPrompt(event)) return { mark: 'session', did: say`was prompted for the password`, why: null };
      return { mark: 'refused', did: say`was refused`, why: event.reason };
    case 'api_key.refused':
      return { mark: 'refused', did: say`was refused`, why: event.reason };
    case 'session.revoked':
      return { mark: 'person', did: event.target_id === null ? say`signed out` : say`ended another session of their own`, why: null };
    case 'organization.set_up':
      return { mark: 'person', did: say`set Rekey up`, why: null };
    default:
      return { mark: 'person', did: say`did ${code(event.action)}`, why: null };
  }
}

function withFactor(event: AuditEventWire): string {
  switch (textOf(event, 'second_factor')) {
    case 'totp':
      return ' with a second factor';
    case 'recovery_code':
      return ' with a recovery code';
    default:
      return '';
  }
}

function versionsOf(event: AuditEventWire): string {
  const [from, to] = [numberOf(event, 'from_version'), numberOf(event, 'to_version')];
  if (from === null) return '';
  return to === null ? `, away from v${from}` : `, v${from} to v${to}`;
}

function askedBy(event: AuditEventWire): string | null {
  const name = textOf(event, 'requested_by');
  const parts = [name === null ? null : `requested by ${name}`, reasonOf(event)].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(' · ');
}

/** Who acted, in one word behind the address. */
export function actorWords({ actor_kind: kind }: Pick<AuditEventWire, 'actor_kind'>): string {
  switch (kind) {
    case 'user':
      return 'signed in';
    case 'api_key':
      return 'with an API key';
    case 'system':
      return 'automatic';
  }
}
