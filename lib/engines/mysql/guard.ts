import type { TLSSocket } from 'node:tls';
import mysql, { type AuthPlugin, type Connection as Driver } from 'mysql2';
import { isNativeHash } from '#lib/crypto/mysql-hash.ts';
import { isProven, refusalOf } from '#lib/engines/channel.ts';
import type { Endpoint, EngineError, Method, Place, Protection } from '#lib/engines/engine.ts';
import { engineError } from '#lib/engines/failure.ts';
import { fingerprintOf, judgePeer, judgePlain, type Peer } from '#lib/engines/server-key.ts';
import type { Greeting } from './greeting.ts';

/** Tells the client of caching_sha2_password that the server wants the password itself. */
const PERFORM_FULL_AUTHENTICATION = Buffer.from([4]);

/** Watches one login. */
export interface Guard {
  /** The methods that are answered; the driver refuses those it does not know. */
  plugins: Record<string, AuthPlugin>;
  /** Why the login was ended by the guard, if it was. */
  readonly refusal: EngineError | null;
  /** Judges the server between the TLS handshake and the login. */
  watchTls(driver: Driver): void;
  protection(): Protection;
}

/**
 * Decides what a login may answer. The driver answers mysql_native_password by itself, which every channel but one with
 * a changed key allows. `onlyProven`: nothing is answered to a server that is neither pinned nor verified. Throws
 * tls_downgraded before anything is sent.
 */
export function guardLogin(
  endpoint: Endpoint,
  { host, tls }: Place,
  greeting: Greeting,
  isSecure: boolean,
  { verifier, onlyProven }: { verifier: string | null; onlyProven: boolean },
): Guard {
  let peer: Peer = isSecure ? { channel: 'unproven', key: null } : judgePlain(tls);
  let method: Method | null = greeting.hasChallenge ? 'native' : null;
  let refusal: EngineError | null = null;
  const refuse = (error: EngineError): never => {
    refusal = error;
    throw error;
  };
  const answer = (asked: Method) => {
    const code = refusalOf(peer.channel, asked);
    if (code) refuse(engineError(code));
    method = asked;
  };
  const never: AuthPlugin = () => () => refuse(engineError('cleartext_refused'));

  /** MySQL hands out its RSA key to whoever asks: only the trusted one counts. */
  const onServerPublicKey = (pem: Buffer) => {
    const offered = fingerprintOf(pem);
    if (tls.pinnedRsaKey === offered) return;
    refuse(engineError(tls.pinnedRsaKey === null ? 'server_key_unknown' : 'server_key_changed', { endpoint, kind: 'rsa', trusted: tls.pinnedRsaKey, offered }));
  };
  const standard = mysql.authPlugins.caching_sha2_password({ onServerPublicKey });
  const cachingSha2: AuthPlugin = (context) => {
    const next = standard(context);
    answer('sha2_fast');
    // A server that asks otherwise than the one that was proven is another one.
    if (verifier !== null && isNativeHash(verifier) && !isProven(peer.channel)) refuse(engineError('auth_method_unsupported'));
    return (data) => {
      if (PERFORM_FULL_AUTHENTICATION.equals(data)) {
        // MariaDB has no such account: whoever says so is not what the greeting says.
        if (greeting.isMariadb) refuse(engineError('cleartext_refused'));
        answer(isSecure ? 'sha2_full' : 'sha2_rsa');
      }
      return next(data);
    };
  };

  return {
    plugins: { caching_sha2_password: cachingSha2, sha256_password: never, mysql_clear_password: never },
    get refusal() {
      return refusal;
    },
    watchTls(driver) {
      // The driver has no hook of its own between the handshake and the first answer to a challenge.
      const held = driver as unknown as { stream: TLSSocket; startTLS: (onSecure: (error?: Error) => void) => void };
      const startTls = held.startTLS.bind(driver);
      held.startTLS = (onSecure) =>
        startTls((error) => {
          if (error) return onSecure(error);
          try {
            peer = judgePeer(held.stream, host, tls);
            if (peer.channel === 'changed')
              refuse(engineError('server_key_changed', { endpoint, kind: 'tls', trusted: tls.pinnedKey, offered: peer.key ?? '' }));
            if (onlyProven && !isProven(peer.channel)) refuse(engineError('tls_untrusted'));
            onSecure();
          } catch (failure) {
            // The driver writes its own code on the error it is given.
            onSecure(new Error((failure as Error).message));
          }
        });
    },
    protection: () => ({ ...peer, method }),
  };
}
