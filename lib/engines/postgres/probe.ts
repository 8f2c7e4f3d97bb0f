import {
  type Endpoint,
  EngineError,
  type Handshake,
  type Login,
  type OtherKey,
  OWN_APPLICATION,
  type Probe,
  type Protection,
  type Target,
} from '#lib/engines/engine.ts';
import { engineError } from '#lib/engines/failure.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { type Connection, type LoginProgress, logIn } from './connect.ts';

const IDENTITY_TIMEOUT_MS = 2_000;

type Verdict =
  | { verdict: 'accepted'; after?: EngineError['code']; handshake?: Handshake | undefined }
  | { verdict: 'refused'; by?: 'handshake' }
  | { verdict: 'unknown'; failure: EngineError['code']; otherKey?: OtherKey | null };

/**
 * Tries one login and closes it, in at most 8 seconds. Never throws.
 * Through a pooler only a whole login counts as accepted: the pooler may take a password that the server behind it does not.
 */
export async function probe(target: Target, endpoint: Endpoint, login: Login, onAccepted?: (protection: Protection) => void): Promise<Probe> {
  const at = storeTime();
  const began = performance.now();
  const verdict = await attempt(target, endpoint, login, onAccepted);
  return { at, durationMs: Math.round(performance.now() - began), ...verdict };
}

async function attempt(target: Target, endpoint: Endpoint, login: Login, onAccepted?: (protection: Protection) => void): Promise<Verdict> {
  const progress: LoginProgress = { authenticated: false };
  try {
    const connection = await logIn(target, endpoint, login, OWN_APPLICATION, progress);
    try {
      // A pooler tells what it remembers: the question must reach the server.
      const user = (endpoint === 'direct' && connection.sessionUser) || (await askUser(connection));
      if (user !== login.user) throw engineError('wrong_identity');
      onAccepted?.(connection.protection);
      return { verdict: 'accepted', ...shown(progress) };
    } finally {
      void connection.close();
    }
  } catch (error) {
    const verdict = judge(error instanceof EngineError ? error.code : 'unexpected', endpoint, progress);
    return error instanceof EngineError && error.otherKey && verdict.verdict === 'unknown' ? { ...verdict, otherKey: error.otherKey } : verdict;
  }
}

async function askUser(connection: Connection): Promise<string> {
  const [, answer] = await connection.run('SET LOCAL statement_timeout = 0; SELECT session_user AS name', IDENTITY_TIMEOUT_MS);
  return answer?.rows[0]?.name;
}

const shown = ({ handshake }: LoginProgress) => handshake && { handshake };

function judge(failure: EngineError['code'], endpoint: Endpoint, progress: LoginProgress): Verdict {
  const { handshake, authenticated } = progress;
  if (failure === 'wrong_identity') return { verdict: 'unknown', failure };
  if (authenticated && endpoint === 'direct') return { verdict: 'accepted', after: failure, ...shown(progress) };
  if (failure === 'other_password_held') return { verdict: 'refused', by: 'handshake' };
  if (failure === 'password_refused' && !handshake && !authenticated) return { verdict: 'refused' };
  // The pooler took the password; it is the server behind it that refused, and maybe another one.
  const isBehind = failure === 'password_refused' || (authenticated && failure === 'unexpected');
  return { verdict: 'unknown', failure: isBehind ? 'pooler_failed' : failure };
}
