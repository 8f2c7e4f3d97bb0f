import { WpConfigError } from '#lib/contract/wp-config-failures.ts';
import { KeyUnavailableError, SealBrokenError } from '#lib/crypto/key-encryption-key.ts';
import { ENGINE_FAILURES, type Endpoint, EngineError, type EngineName, type OtherKey, type Probe } from '#lib/engines/engine.ts';
import { ROTATION_FAILURES, type RotationFailure } from './failure-codes.ts';
import { TERMS } from './terms/registry.ts';

interface FailureDetails {
  subject?: string | null;
  otherKey?: OtherKey | null;
  isUnavailable?: boolean;
  neverWorked?: boolean;
  endpoint?: Endpoint | null;
  retryAt?: Date | null;
}

/** The server, its pooler or the key service accepts nobody at the moment. That says nothing about a password, and costs no failed login. */
const UNAVAILABLE: ReadonlySet<RotationFailure> = new Set<RotationFailure>([
  'host_not_found',
  'server_unreachable',
  'connection_cut',
  'timed_out',
  'server_full',
  'server_starting',
  'pooler_failed',
  'key_unavailable',
]);

/** A step that cannot continue. `transient`: the same may succeed later without anyone fixing anything. */
export class StepFailure extends Error {
  readonly code: RotationFailure;
  readonly transient: boolean;
  /** Transient, and waiting costs nothing: it does not count as a failed attempt. */
  readonly isUnavailable: boolean;
  /** The account it concerns, if it is one of several. */
  readonly subject: string | null;
  /** Which keys, if a server presented another one than the trusted one. */
  readonly otherKey: OtherKey | null;
  /** When the next login may be made, if the limit of rejected ones is reached. */
  readonly retryAt: Date | null;
  /** Whether the password that was rejected is one that a person gave, and that has never logged in. */
  readonly neverWorked: boolean;
  /** The endpoint that failed, if known: the text names the pooler. */
  readonly endpoint: Endpoint | null;

  constructor(code: RotationFailure, transient: boolean, details: FailureDetails = {}) {
    const { subject = null, otherKey = null, isUnavailable = false, neverWorked = false, endpoint = null, retryAt = null } = details;
    super(code);
    this.name = 'StepFailure';
    this.code = code;
    this.transient = transient;
    this.isUnavailable = isUnavailable;
    this.subject = subject;
    this.otherKey = otherKey;
    this.neverWorked = neverWorked;
    this.endpoint = endpoint;
    this.retryAt = retryAt;
  }
}

const TEXTS: Record<RotationFailure, string> = { ...ENGINE_FAILURES, ...ROTATION_FAILURES };

/** The text for a code, in the terms of the engine; `subject` names the account it concerns. */
export function failureText(code: RotationFailure, { engine, subject }: { engine?: EngineName; subject?: string | null } = {}): string {
  const text = (engine && TERMS[engine].failures[code]) ?? TEXTS[code];
  return subject ? `${text} (${subject})` : text;
}

/** The likeliest cause is a typing error; that the password was changed elsewhere is not known. */
const neverWorkedText = (engine: EngineName): string =>
  `The server rejected this password, and it has never worked here. Check the user and password of the URL, then enter the right one under Settings.${TERMS[engine].otherwiseRejected}`;

/** Whether the text of a code names the pooler itself. */
const namesPooler = (code: string): boolean => code.startsWith('pooler_');

/** The text for a failure, in the terms of the engine, with the endpoint if it is the pooler, and the keys if it is about them. */
export function messageOf({ code, subject, otherKey, neverWorked, endpoint, retryAt }: StepFailure, engine: EngineName): string {
  if (neverWorked) return neverWorkedText(engine);
  const text = `${endpoint === 'pooled' && !namesPooler(code) ? 'Pooled URL: ' : ''}${failureText(code, { engine, subject })}`;
  if (retryAt) return `${text} Otherwise none is made before ${retryAt.toISOString()}.`;
  if (!otherKey) return text;
  const keys = `Trusted: ${otherKey.trusted ?? 'none'}. Shown: ${otherKey.offered}.`;
  const todo =
    code === 'rotator_key_changed'
      ? ''
      : ' If you know the new key, trust it under Settings; otherwise find out what intercepts the connection between Rekey and the server.';
  return `${text} ${keys}${todo}`;
}

/** The server could not be distinguished from an impostor, so nothing is known about either password. */
export const isAboutServer = (code: RotationFailure): boolean =>
  code === 'server_key_changed' || code === 'server_key_unknown' || code === 'tls_downgraded' || code === 'rotator_key_changed' || code === 'server_unproven';

/** The failure in an error of a step; null for an unexpected error. */
export function asStepFailure(error: unknown): StepFailure | null {
  if (error instanceof StepFailure) return error;
  if (error instanceof EngineError) {
    const { code, transient, subject = null, otherKey, retryAt = null } = error;
    return new StepFailure(code, transient, { subject, otherKey, retryAt, isUnavailable: transient && UNAVAILABLE.has(code) });
  }
  // A person may fix the file at any moment.
  if (error instanceof WpConfigError) return new StepFailure(error.code, error.code === 'wp_config_changed');
  if (error instanceof SealBrokenError) return new StepFailure('secret_unreadable', false);
  if (error instanceof KeyUnavailableError) return new StepFailure('key_unavailable', true, { isUnavailable: true });
  return null;
}

/** The details of a failure for a step of the timeline. */
export const detailOf = ({ code, subject, endpoint }: StepFailure) => ({
  code,
  ...(subject && { subject }),
  ...(endpoint === 'pooled' && { endpoint }),
});

/** What kept a login from a result: transient, unless a person must settle it. */
export const unknownFailure = ({ failure, otherKey = null, retryAt }: Extract<Probe, { verdict: 'unknown' }>, endpoint: Endpoint): StepFailure =>
  new StepFailure(failure, !isAboutServer(failure), { otherKey, retryAt: retryAt ?? null, endpoint, isUnavailable: UNAVAILABLE.has(failure) });

/**
 * Throws if the endpoint does not definitely reject a wrong password: a rotation could not be verified there. The
 * right password has just been accepted there, so a missing result is no network problem, unless the server says so.
 */
export function requireRejection(endpoint: Endpoint, probe: Probe): void {
  if (probe.verdict === 'refused') return;
  const isPooled = endpoint === 'pooled';
  if (probe.verdict === 'accepted') throw new StepFailure(isPooled ? 'pooler_unverifiable' : 'target_unverifiable', false);
  if (probe.failure === 'timed_out') throw new StepFailure(isPooled ? 'timed_out' : 'rejection_slow', true, { endpoint });
  if (probe.failure === 'unexpected' || probe.failure === 'pooler_failed')
    throw new StepFailure(isPooled ? 'pooler_rejection_unclear' : 'rejection_unclear', false);
  throw unknownFailure(probe, endpoint);
}

/** Throws `otherwise` if a login had another result; if it had none, throws what kept it from one, which may be transient. */
export function requireVerdict(
  { endpoint, probe }: { endpoint: Endpoint; probe: Probe },
  wanted: 'accepted' | 'refused',
  otherwise: RotationFailure,
  transient = false,
): void {
  if (probe.verdict === 'unknown') throw unknownFailure(probe, endpoint);
  if (probe.verdict !== wanted) throw new StepFailure(otherwise, transient, { endpoint });
}
