import { type Endpoint, type Engine, EngineError, type EngineFailure, type EngineName, type Login, type Probe } from '#lib/engines/engine.ts';
import { engineFor } from '#lib/engines/registry.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { countRejected, giveBack, type LoginSlot, nextLoginAt, reserveLogin } from './failed-logins.ts';

/** Thrown in place of a login that is one more than the account may have rejected. Nothing was sent. */
const loginLimitError = (retryAt: Date): EngineError => Object.assign(new EngineError('login_limit', true), { retryAt });

/** What a server counts, or logs, as a failed login. */
const REJECTED: ReadonlySet<EngineFailure> = new Set<EngineFailure>(['password_refused', 'no_password', 'certificate_needed', 'account_blocked']);

const isRejected = (probe: Probe): boolean =>
  probe.verdict === 'refused' ? probe.by === undefined : probe.verdict === 'unknown' && REJECTED.has(probe.failure);

/** A login on a server, as both are stored. */
export interface OnServer {
  organizationId: string;
  server: { id: string; engine: EngineName };
}

/**
 * The engine of a server, through which every login with a stored password is made: each is counted in the store before it
 * is made, and none is made beyond the limit. A login's `expected` names a rejection that the job makes by design.
 */
export function engineOf({ organizationId, server }: OnServer, jobId: string | null = null): Engine {
  const engine = engineFor(server.engine);

  const reserve = async (endpoint: Endpoint, { user, expected }: Login): Promise<LoginSlot> => {
    const place = { organizationId, serverId: server.id, login: user, endpoint };
    const slot = await reserveLogin(place, jobId !== null && expected ? `${jobId} ${expected.name}` : null, expected?.isFinal);
    if (!slot) throw loginLimitError((await nextLoginAt(place)) ?? storeTime());
    return slot;
  };
  const settle = (slot: LoginSlot, wasRejected: boolean): Promise<void> | void => (wasRejected ? countRejected(slot) : giveBack(slot));

  const counted = async <T>(login: Login, logIn: () => Promise<T>): Promise<T> => {
    const slot = await reserve('direct', login);
    try {
      const result = await logIn();
      giveBack(slot);
      return result;
    } catch (error) {
      await settle(slot, error instanceof EngineError && REJECTED.has(error.code));
      throw error;
    }
  };

  return {
    ...engine,
    async probe(target, endpoint, login, onAccepted) {
      const at = storeTime();
      try {
        const slot = await reserve(endpoint, login);
        const probe = await engine.probe(target, endpoint, login, onAccepted);
        await settle(slot, isRejected(probe));
        return probe;
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        return { at, durationMs: 0, verdict: 'unknown', failure: error.code, ...(error.retryAt && { retryAt: error.retryAt }) };
      }
    },
    ...(engine.listAccounts && {
      listAccounts: (rotator) => counted(rotator, () => engine.listAccounts?.(rotator) ?? Promise.reject(new Error('cannot list'))),
    }),
    openSession: (target, login) => counted(login, () => engine.openSession(target, login)),
    openOperator: (target, login, attempt) => counted(login, () => engine.openOperator(target, login, attempt)),
    async inspect(target, login, rotator, options) {
      const slot = rotator && (await reserve('direct', rotator));
      let wasRejected = false;
      try {
        const inspection = await counted(login, () => engine.inspect(target, login, rotator, options));
        wasRejected = inspection.rotatorFailure !== null && REJECTED.has(inspection.rotatorFailure);
        return inspection;
      } finally {
        if (slot) await settle(slot, wasRejected);
      }
    },
  };
}
