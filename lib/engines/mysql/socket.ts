import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { checksChain, placeOf } from '#lib/engines/address.ts';
import type { Endpoint, Target } from '#lib/engines/engine.ts';
import { EngineError, type ServerKey } from '#lib/engines/engine.ts';
import { codeOf, engineError, isTlsFailure } from '#lib/engines/failure.ts';
import { judgePeer } from '#lib/engines/server-key.ts';
import { classify } from './classify.ts';
import { readGreeting } from './greeting.ts';

const READ_KEY_TIMEOUT_MS = 4_000;

/** The packet that asks for TLS: its header (32 bytes, the second of the exchange), protocol 4.1 with TLS and plugins, utf8mb4, no user. */
const SSL_REQUEST = Buffer.alloc(36);
SSL_REQUEST.writeUInt32LE(0x01_00_00_20, 0);
SSL_REQUEST.writeUInt32LE(0x00_08_8a_00, 4);
SSL_REQUEST.writeUInt8(45, 12);

/** Reads the key an endpoint shows; see Engine. */
export async function readKey(target: Target, endpoint: Endpoint): Promise<ServerKey> {
  const { host, port, tls: guard } = placeOf(target, endpoint);
  const bound = AbortSignal.timeout(READ_KEY_TIMEOUT_MS);
  const socket = net.connect({ host, port, noDelay: true, signal: bound });
  try {
    await once(socket, 'connect');
    if (!(await readGreeting(socket)).offersTls) {
      if (guard.mode !== 'prefer') throw engineError('tls_refused');
      return { fingerprint: null, isVerified: false };
    }
    // The greeting was given back for a driver; here nobody else reads it.
    socket.read();
    socket.write(SSL_REQUEST);
    const wrapped = tls.connect({
      socket,
      ...(net.isIP(host) ? {} : { servername: host }),
      ...(guard.caPem ? { ca: guard.caPem } : {}),
      rejectUnauthorized: checksChain(guard),
      checkServerIdentity: guard.mode === 'verify-full' ? tls.checkServerIdentity : () => undefined,
    });
    await once(wrapped, 'secureConnect').catch((error: unknown) => {
      throw bound.aborted ? error : engineError(isTlsFailure(codeOf(error)) ? 'tls_refused' : 'tls_untrusted');
    });
    const { channel, key } = judgePeer(wrapped, host, { ...guard, pinnedKey: null });
    wrapped.on('error', () => {}).destroy();
    return { fingerprint: key, isVerified: channel === 'verified' };
  } catch (error) {
    if (error instanceof EngineError) throw error;
    throw bound.aborted ? engineError('timed_out') : classify(error);
  } finally {
    socket.on('error', () => {}).destroy();
  }
}
