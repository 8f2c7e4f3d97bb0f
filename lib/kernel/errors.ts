/** Every error that leaves Rekey: its HTTP status and its constant title. Details are constant text too, never a driver's. */
export const ERRORS = {
  validation_failed: { status: 422, title: 'The request is not valid' },
  malformed_body: { status: 400, title: 'The body is not valid JSON' },
  malformed_request: { status: 400, title: 'The request is not valid HTTP' },
  body_too_large: { status: 413, title: 'The body is too large' },
  headers_too_large: { status: 431, title: 'The headers are too large' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  unauthenticated: { status: 401, title: 'Sign in or send an API key' },
  forbidden: { status: 403, title: 'Not allowed' },
  reauthentication_required: { status: 403, title: 'Confirm that it is you' },
  origin_refused: { status: 403, title: 'The request came from another site' },
  host_refused: { status: 421, title: 'The request was sent to another host' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  conflict: { status: 409, title: 'Conflict' },
  rotation_in_progress: { status: 409, title: 'A rotation is already in progress' },
  job_in_progress: { status: 409, title: 'Such a job is already in progress' },
  login_limit_reached: { status: 409, title: 'Too many logins were rejected' },
  project_not_ready: { status: 409, title: 'The project is not ready' },
  grace_not_available: { status: 422, title: 'Grace hours are not available' },
  idempotency_key_reused: { status: 422, title: 'The idempotency key was used for another request' },
  idempotency_in_progress: { status: 409, title: 'The first request with this key is still in progress' },
  no_database: { status: 400, title: 'No database is configured' },
  deployment_in_progress: { status: 409, title: 'A deployment is already in progress' },
  reset_failed: { status: 409, title: 'The password was not changed' },
  rate_limited: { status: 429, title: 'Too many requests' },
  provider_failed: { status: 502, title: 'The provider failed' },
  internal: { status: 500, title: 'Internal error' },
  unavailable: { status: 503, title: 'Rekey is not ready' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof ERRORS;

export interface ErrorExtras {
  /** The messages by field, each naming the fix. */
  fields?: Record<string, string[]>;
  /** The job that blocks the request. */
  jobId?: string;
  retryAfterSeconds?: number;
}

/** A failure meant for the caller: a code of ours and a sentence of ours, nothing else. */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly extras: ErrorExtras;

  constructor(code: ErrorCode, detail: string, extras: ErrorExtras = {}) {
    super(detail);
    this.name = 'DomainError';
    this.code = code;
    this.extras = extras;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }
}

/** A 422 for one field. */
export const invalidField = (field: string, message: string): DomainError => new DomainError('validation_failed', message, { fields: { [field]: [message] } });

/** Returns the same 404 for a missing object and for one of another organization, so that it does not reveal which exist. */
export const notFound = (what: string): DomainError => new DomainError('not_found', `There is no such ${what}.`);

// The bundler may give a process several copies of this module.
const OF_STORE = Symbol.for('rekey.store');

/** Marks an error of pg as one of Rekey's own database. Returns it. */
export const markStoreError = (error: Error): Error => Object.assign(error, { [OF_STORE]: true });

/** Whether an error came from Rekey's own database, not from a database server that Rekey serves. Prisma marks its errors with its version. */
export const isStoreError = (error: unknown): error is Error => error instanceof Error && ('clientVersion' in error || OF_STORE in error);
