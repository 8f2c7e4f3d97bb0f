import { MIN_SCRAM_ITERATIONS, refusalOf } from '#lib/engines/channel.ts';
import type { Endpoint, EngineError, Handshake, Login, Method, Protection, Tls } from '#lib/engines/engine.ts';
import { engineError } from '#lib/engines/failure.ts';
import type { Peer } from '#lib/engines/server-key.ts';
import { showsVerifier } from './verifier.ts';

const BOUND_MECHANISM = 'SCRAM-SHA-256-PLUS';

/** How the server salted a password, as told in the exchange: the salt in base64. */
export type Salted = Pick<Handshake, 'salt' | 'iterations'>;

/** Watches one login: each method throws where the message it is called for may not be answered. */
export interface Guard {
  /** Whether the driver is to take SCRAM-SHA-256-PLUS where the server offers it. */
  bindsChannel: boolean;
  readonly salted: Salted | null;
  onCleartext(): void;
  onMd5(): void;
  onSasl(mechanisms: string[]): void;
  onSaslContinue(message: string): void;
  /** The server's signature was right: it knows the password's verifier. */
  onSaslProven(): void;
  onOk(): void;
  protection(): Protection;
  /** What the exchange has proven; undefined before the server's signature was found right. */
  readonly handshake: Handshake | undefined;
  /** What a failure of the login says: what a server with a changed key says counts for nothing. */
  judge(failure: EngineError): EngineError;
}

/**
 * Decides what a login may answer. A changed key is let through to SCRAM with channel binding alone, and only where the
 * verifier of the login is known: an impostor may offer it too, so the salt and the iterations must be the known ones.
 * Throws server_key_changed before anything is sent where that cannot be, other_password_held where the server shows the
 * verifier of another password.
 */
export function guardLogin(endpoint: Endpoint, { channel, key }: Peer, tls: Tls, { verifier, others = [] }: Pick<Login, 'verifier' | 'others'>): Guard {
  const otherKey = () => engineError('server_key_changed', { endpoint, kind: 'tls', trusted: tls.pinnedKey, offered: key ?? '' });
  const isChanged = channel === 'changed';
  const known = verifier?.startsWith('SCRAM-SHA-256$') ? verifier : null;
  if (isChanged && !known) throw otherKey();
  let method: Method | null = null;
  let salted: Salted | null = null;
  let isBound = false;
  let hasProven = false;
  const answer = (asked: Method) => {
    const refusal = refusalOf(channel, asked, tls.allowsMd5);
    if (refusal) throw refusal === 'server_key_changed' ? otherKey() : engineError(refusal);
    method = asked;
  };
  return {
    bindsChannel: isChanged || (channel === 'unproven' && known !== null),
    get salted() {
      return salted;
    },
    onCleartext: () => answer('cleartext'),
    onMd5: () => answer('md5'),
    onSasl(mechanisms) {
      isBound = this.bindsChannel && mechanisms.includes(BOUND_MECHANISM);
      if (isChanged && !isBound) throw otherKey();
    },
    onSaslContinue(message) {
      salted = readSalted(message);
      const shown = salted;
      const isKnown = known !== null && showsVerifier(shown, known);
      const isOther = others === 'all' ? known !== null : others.some((other) => showsVerifier(shown, other));
      if (isOther && !isKnown) throw engineError('other_password_held');
      if (isBound && isKnown) return answer('scram_bound');
      answer(shown.iterations < MIN_SCRAM_ITERATIONS ? 'scram_weak' : 'scram');
    },
    onSaslProven: () => {
      hasProven = true;
    },
    onOk() {
      // A server that skips its own proof has not shown that it knows the password.
      if (salted && !hasProven) throw engineError('unexpected');
      if (isChanged && !hasProven) throw otherKey();
    },
    get handshake() {
      return hasProven && salted && method ? { method, ...salted } : undefined;
    },
    protection: () => ({ channel: isBound && hasProven ? 'bound' : channel, key, method }),
    judge: (failure) => (isChanged && !hasProven && !failure.transient ? otherKey() : failure),
  };
}

/** From the server's first message of the exchange (RFC 5802), in the one form PostgreSQL sends: no other could be judged as the driver reads it. */
function readSalted(message: string): Salted {
  const [, salt, iterations] = /^r=[^,]+,s=([^,]+),i=([0-9]+)$/.exec(message) ?? [];
  if (!salt || !iterations) throw engineError('unexpected');
  return { salt: Buffer.from(salt, 'base64').toString('base64'), iterations: Number(iterations) };
}
