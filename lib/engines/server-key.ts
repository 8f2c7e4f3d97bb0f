import { createHash, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { checkServerIdentity, type TLSSocket } from 'node:tls';
import type { Channel, Tls } from './engine.ts';
import { engineError } from './failure.ts';

/** In place of a fingerprint: the first login met a server without TLS, so that a key shown later is not trusted by itself. */
export const NO_TLS = 'none';

/** What a connection has shown of the server, before anything is sent over it. */
export interface Peer {
  channel: Channel;
  /** The fingerprint of the server's TLS key; null without TLS. */
  key: string | null;
}

/** The fingerprint of a public key: SHA-256 of its SubjectPublicKeyInfo, in hex. */
const fingerprint = (key: KeyObject): string =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');

/** The fingerprint of a public key in PEM form. */
export const fingerprintOf = (pem: string | Buffer): string => fingerprint(createPublicKey(pem));

/** Judges the other end of a TLS connection, by its certificate and by the key that is trusted. */
export function judgePeer(socket: TLSSocket, host: string, tls: Tls): Peer {
  // Not getPeerX509Certificate: on Node 20 it empties what getPeerCertificate answers later.
  const certificate = socket.getPeerCertificate();
  if (!certificate.raw) throw engineError('tls_untrusted');
  const key = fingerprint(new X509Certificate(certificate.raw).publicKey);
  if (isVerified(socket, host, tls)) return { channel: 'verified', key };
  if (tls.pinnedKey === null || tls.pinnedKey === NO_TLS) return { channel: 'unproven', key };
  return { channel: tls.pinnedKey === key ? 'pinned' : 'changed', key };
}

/**
 * Whether the certificate proves the server: where a mode has checked it, and in every other mode where its chain leads
 * to the CA that was given, or to a public one with the name of the host.
 */
function isVerified(socket: TLSSocket, host: string, { mode, caPem }: Tls): boolean {
  if (mode.startsWith('verify')) return true;
  return socket.authorized && (caPem !== null || checkServerIdentity(host, socket.getPeerCertificate()) === undefined);
}

/** Throws where a login that was proven over TLS would go on in plain text. */
export function judgePlain({ mode, pinnedKey }: Tls): Peer {
  if (mode !== 'disable' && pinnedKey !== null && pinnedKey !== NO_TLS) throw engineError('tls_downgraded');
  return { channel: 'plain', key: null };
}

/** Whether the key of an endpoint is to be read and trusted before its first login. */
export const needsFirstKey = ({ mode, pinnedKey }: Tls): boolean => pinnedKey === null && (mode === 'prefer' || mode === 'require');
