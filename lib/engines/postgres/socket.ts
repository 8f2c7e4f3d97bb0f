import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { checksChain, placeOf } from '#lib/engines/address.ts';
import type { Endpoint, ServerKey, Target, Tls } from '#lib/engines/engine.ts';
import { codeOf, engineError, isTlsFailure } from '#lib/engines/failure.ts';
import { judgePeer, judgePlain, type Peer } from '#lib/engines/server-key.ts';
import { classify } from './classify.ts';

const READ_KEY_TIMEOUT_MS = 4_000;

/** `SSLRequest` of the PostgreSQL protocol: its length, then the request code. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/**
 * Opens the connection up to where the login begins, TLS included, with libpq's meaning of the TLS modes:
 * `prefer` goes on in plain text where the server has no TLS; `require` checks the chain only where a CA is given;
 * `verify-ca` checks the chain and not the name; `verify-full` both. Nothing of the login is sent; whether it may be is
 * for the caller to judge by the peer. Throws tls_downgraded where a login proven over TLS would go on in plain text.
 */
export async function openSocket(host: string, port: number, mode: Tls, signal: AbortSignal): Promise<Peer & { socket: net.Socket }> {
  const socket = net.connect({ host, port, noDelay: true, keepAlive: true, signal });
  try {
    await once(socket, 'connect');
    if (mode.mode === 'disable') return { socket, ...judgePlain(mode) };
    socket.write(SSL_REQUEST);
    const answer = String(await firstBytes(socket));
    if (answer === 'S') {
      const wrapped = await secure(socket, host, mode);
      return { socket: wrapped, ...judgePeer(wrapped, host, mode) };
    }
    if (answer === 'N' && mode.mode === 'prefer') return { socket, ...judgePlain(mode) };
    // More than the one byte would be bytes smuggled in before the encryption began.
    throw engineError(answer === 'N' ? 'tls_refused' : 'unexpected');
  } catch (error) {
    socket.on('error', () => {}).destroy();
    throw error;
  }
}
async function firstBytes(socket: net.Socket): Promise<Buffer> {
  const closed = new AbortController();
  const onEnd = () => closed.abort();
  socket.once('close', onEnd);
  try {
    const [bytes] = (await once(socket, 'data', { signal: closed.signal })) as [Buffer];
    return bytes;
  } catch (error) {
    throw closed.signal.aborted ? engineError('connection_cut') : error;
  } finally {
    socket.off('close', onEnd);
  }
}

async function secure(socket: net.Socket, host: string, guard: Tls): Promise<tls.TLSSocket> {
  const { mode, caPem } = guard;
  const wrapped = tls.connect({
    socket,
    host,
    // RFC 6066 allows no IP address here.
    ...(net.isIP(host) ? {} : { servername: host }),
    ...(caPem ? { ca: caPem } : {}),
    rejectUnauthorized: checksChain(guard),
    ...(mode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
  });
  try {
    await once(wrapped, 'secureConnect');
    return wrapped;
  } catch (error) {
    wrapped.on('error', () => {}).destroy();
    const said = codeOf(error);
    const { code } = said;
    if (code === 'ABORT_ERR') throw error;
    if (isTlsFailure(said)) throw engineError('tls_refused');
    throw engineError(code === 'ECONNRESET' || code === 'EPIPE' ? 'connection_cut' : 'tls_untrusted');
  }
}

/** Reads the key an endpoint shows; see Engine. */
export async function readKey(target: Target, endpoint: Endpoint): Promise<ServerKey> {
  const { host, port, tls: guard } = placeOf(target, endpoint);
  const bound = AbortSignal.timeout(READ_KEY_TIMEOUT_MS);
  try {
    const { socket, channel, key } = await openSocket(host, port, { ...guard, pinnedKey: null }, bound);
    socket.on('error', () => {}).destroy();
    return { fingerprint: key, isVerified: channel === 'verified' };
  } catch (error) {
    throw bound.aborted ? engineError('timed_out') : classify(error, endpoint);
  }
}
