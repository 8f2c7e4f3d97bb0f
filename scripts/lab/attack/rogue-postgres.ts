// A PostgreSQL server that asks for passwords in whatever way it likes and records what it is sent.
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { PacketReader } from './packet-reader.ts';
import { type Dial, isMadeOf, type Sent, scramKeys } from './recording.ts';
import { isLetIn, makeRogueServer, type RogueOptions, type RogueServer } from './rogue-server.ts';

export const POSTGRES_METHODS = ['md5', 'scram i=1', 'cleartext', 'scram i=4096', 'scram-plus', 'trust'] as const;
export type PostgresMethod = (typeof POSTGRES_METHODS)[number];

const [SSL_REQUEST, GSS_REQUEST, CANCEL] = [80_877_103, 80_877_104, 80_877_102];

const message = (type: string, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};
const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const text = (value: string): Buffer => Buffer.from(`${value}\0`);
const authentication = (kind: number, ...parts: Buffer[]): Buffer => message('R', int32(kind), ...parts);
const WRONG_PASSWORD = message('E', text('SFATAL'), text('VFATAL'), text('C28P01'), text('Mpassword authentication failed'), Buffer.from([0]));

/** Starts one; it asks all clients by `options.method`, which may be changed at any time. */
export const startRoguePostgres = (options: RogueOptions<PostgresMethod>): RogueServer<PostgresMethod> => makeRogueServer(options, serve);

type Rogue = { options: RogueOptions<PostgresMethod>; secure: (socket: net.Socket) => Promise<net.Socket> };

async function serve(raw: net.Socket, dial: Dial, { options, secure }: Rogue): Promise<void> {
  let socket = raw;
  let reader = new PacketReader(socket);
  for (;;) {
    const length = (await reader.read(4)).readInt32BE();
    const packet = await reader.read(length - 4);
    const code = packet.readInt32BE();
    if (code === CANCEL) return void socket.destroy();
    if (code === SSL_REQUEST && options.offersTls) {
      reader.release();
      socket.write('S');
      socket = await secure(socket);
      dial.isSecure = true;
      reader = new PacketReader(socket);
    } else if (code === SSL_REQUEST || code === GSS_REQUEST) socket.write('N');
    else {
      const words = packet.toString('utf8', 4).split('\0');
      const settings = Object.fromEntries(words.flatMap((word, i) => (i % 2 === 0 && word ? [[word, words[i + 1] ?? '']] : [])));
      dial.user = settings.user ?? '';
      return await greet({ socket, reader, dial, options, settings, user: dial.user });
    }
  }
}

interface Session {
  socket: net.Socket;
  reader: PacketReader;
  dial: Dial;
  options: RogueOptions<PostgresMethod>;
  settings: Record<string, string>;
  user: string;
}

async function readMessage({ reader }: Pick<Session, 'reader'>): Promise<{ type: string; body: Buffer }> {
  const head = await reader.read(5);
  return { type: head.toString('latin1', 0, 1), body: await reader.read(head.readInt32BE(1) - 4) };
}

async function greet(session: Session): Promise<void> {
  const { socket, options, user } = session;
  const sent = options.method === 'trust' ? undefined : await ask(session);
  if (sent?.method === 'scram') {
    // Nobody can end this exchange without the password.
    const typed = options.typedPassword(user);
    if (typed === null || !isMadeOf(sent, typed)) return void socket.end(WRONG_PASSWORD);
    const { serverKey } = scramKeys(typed, sent.salt, sent.iterations);
    socket.write(authentication(12, Buffer.from(`v=${createHmac('sha256', serverKey).update(sent.authMessage).digest('base64')}`)));
  }
  if (!isLetIn(options, user, sent)) return void socket.end(WRONG_PASSWORD);
  await passOn(session);
}

/** Asks for the password and records the answer. */
async function ask(session: Session): Promise<Sent> {
  const { socket, dial, user, options } = session;
  const record = <S extends Sent>(sent: S): S => {
    dial.sent.push(sent);
    return sent;
  };
  if (options.method === 'md5') {
    const salt = Buffer.from('evil');
    socket.write(authentication(5, salt));
    const { body } = await readMessage(session);
    return record({ method: 'md5', user, salt, response: body.toString('latin1').replace(/\0.*$/s, '') });
  }
  if (options.method === 'cleartext') {
    socket.write(authentication(3));
    const { body } = await readMessage(session);
    return record({ method: 'cleartext', text: body.toString('utf8').replace(/\0.*$/s, '') });
  }
  const plus = dial.isSecure ? [text('SCRAM-SHA-256-PLUS')] : [];
  socket.write(authentication(10, ...(options.method === 'scram-plus' ? plus : []), text('SCRAM-SHA-256'), Buffer.from([0])));
  const { body: first } = await readMessage(session);
  const clientFirst = first.toString('utf8', first.indexOf(0) + 5).replace(/^[^,]*,[^,]*,/, '');
  const salt = Buffer.from('a salt of its own');
  const iterations = options.method === 'scram i=1' ? 1 : 4096;
  const nonce = `${/r=([^,]*)/.exec(clientFirst)?.[1] ?? ''}${randomBytes(9).toString('base64')}`;
  const serverFirst = `r=${nonce},s=${salt.toString('base64')},i=${iterations}`;
  socket.write(authentication(11, Buffer.from(serverFirst)));
  const { body: final } = await readMessage(session);
  const [, unproven = '', proof = ''] = /^(.*),p=(.*)$/s.exec(final.toString('utf8')) ?? [];
  return record({ method: 'scram', salt, iterations, authMessage: `${clientFirst},${serverFirst},${unproven}`, proof: Buffer.from(proof, 'base64') });
}

/** Logs in at the true server as its own login, and passes everything on; only whose session it is, it tells as the client wants it. */
async function passOn({ socket, reader, dial, options, settings, user }: Session): Promise<void> {
  const { host, port, user: own } = options.trueServer;
  const upstream = net.connect({ host, port, noDelay: true });
  upstream.on('error', () => socket.destroy()).on('close', () => socket.destroy());
  socket.on('close', () => upstream.destroy());
  await once(upstream, 'connect');
  const words = Object.entries({ ...settings, user: own }).flatMap(([name, value]) => [text(name), text(value)]);
  const startup = Buffer.concat([int32(196_608), ...words, Buffer.from([0])]);
  upstream.write(Buffer.concat([int32(startup.length + 4), startup]));
  const answers = new PacketReader(upstream);
  for (let isReady = false; !isReady; ) {
    const { type, body } = await readMessage({ reader: answers });
    const isWhose = type === 'S' && body.toString('latin1').startsWith('session_authorization\0');
    socket.write(message(type, isWhose ? Buffer.concat([text('session_authorization'), text(user)]) : body));
    isReady = type === 'Z' || type === 'E';
  }
  answers.release();
  upstream.on('data', (bytes) => socket.write(bytes)).resume();
  for (;;) {
    const { type, body } = await readMessage({ reader });
    if (type === 'Q' || type === 'P') dial.sent.push({ method: 'statement', text: body.toString('utf8') });
    upstream.write(message(type, body));
  }
}
