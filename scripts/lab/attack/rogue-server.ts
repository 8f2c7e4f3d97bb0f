// What the two rogue servers share: listeners, each for one attack, and everything that was recorded at them.
import { createHash, createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { makeCertificate } from '#scripts/testing/make-certificate.ts';
import { type Dial, isMadeOf, type Sent } from './recording.ts';

export interface RogueOptions<Method> {
  /** The address that listeners are bound to. */
  host: string;
  method: Method;
  /** Whether it offers TLS, with a certificate it made itself. */
  offersTls: boolean;
  /** What the attacker typed as the password of a login; null where it typed none. */
  typedPassword: (user: string) => string | null;
  /** Refuses all other passwords, as a true server would; else everybody is let in, to see what they do next. */
  refusesOthers: boolean;
  /** The true server, and a login there without a password, by which clients that were let in are served: so it tells the truth about everything. */
  trueServer: { host: string; port: number; user: string };
  /** What the attacker has the true server run in place of a statement, to lie about its answer. */
  rewrite?: (statement: string) => string;
}

/** Whether a client goes on; `sent` is what it gave as its password, undefined where it was not asked. */
export function isLetIn({ typedPassword, refusesOthers }: RogueOptions<unknown>, user: string, sent: Sent | undefined): boolean {
  const typed = typedPassword(user);
  return sent === undefined || typed === null || !refusesOthers || isMadeOf(sent, typed);
}

export interface RogueListener {
  label: string;
  host: string;
  port: number;
  close: () => void;
}

export interface RogueServer<Method> {
  options: RogueOptions<Method>;
  dials: Dial[];
  /** SHA-256 of its public keys, in hexadecimal: what a person is shown to compare. */
  fingerprints: string[];
  /** Its certificate, which is its own CA. */
  certPem: string;
  /** Opens a port of its own for an attack. */
  listen: (label: string) => Promise<RogueListener>;
  /** Closes all ports; what was recorded stays. */
  closeAll: () => void;
}

type Serve<Method> = (
  socket: net.Socket,
  dial: Dial,
  rogue: { options: RogueOptions<Method>; secure: (socket: net.Socket) => Promise<tls.TLSSocket> },
) => Promise<void>;

const fingerprint = (pem: string): string =>
  createHash('sha256')
    .update(createPublicKey(pem).export({ type: 'spki', format: 'der' }))
    .digest('hex');

/** A rogue server whose protocol is `serve`; `keys` are those it has beside that of its certificate. */
export function makeRogueServer<Method>(options: RogueOptions<Method>, serve: Serve<Method>, keys: string[] = []): RogueServer<Method> {
  const { certPem: cert, keyPem: key } = makeCertificate('rogue.example.com');
  const secureContext = tls.createSecureContext({ cert, key });
  const dials: Dial[] = [];
  const open = new Set<() => void>();
  const secure = async (socket: net.Socket) => {
    const wrapped = new tls.TLSSocket(socket, { isServer: true, secureContext });
    wrapped.on('error', () => socket.destroy());
    await once(wrapped, 'secure');
    return wrapped;
  };
  const listen = async (label: string): Promise<RogueListener> => {
    const sockets = new Set<net.Socket>();
    const server = net.createServer((socket) => {
      const dial: Dial = { label, isSecure: false, user: null, sent: [] };
      dials.push(dial);
      sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
      serve(socket, dial, { options: rogue.options, secure }).catch(() => socket.destroy());
    });
    server.listen(0, options.host);
    await once(server, 'listening');
    const close = () => {
      open.delete(close);
      server.close();
      for (const socket of sockets) socket.destroy();
    };
    open.add(close);
    return { label, host: options.host, port: (server.address() as net.AddressInfo).port, close };
  };
  const closeAll = () => {
    for (const close of [...open]) close();
  };
  const rogue: RogueServer<Method> = { options: { ...options }, dials, fingerprints: [cert, ...keys].map(fingerprint), certPem: cert, listen, closeAll };
  return rogue;
}
