// A MySQL or MariaDB server that asks for passwords in whatever way it likes and records what it is sent.
import { constants, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { PacketReader } from './packet-reader.ts';
import type { Dial, Sent } from './recording.ts';
import { isLetIn, makeRogueServer, type RogueOptions, type RogueServer } from './rogue-server.ts';

export const MYSQL_METHODS = [
  'native',
  'caching_sha2 fast',
  'caching_sha2 full',
  'clear_password',
  'caching_sha2 full, as MariaDB',
  'native, as MariaDB',
  'sha256_password',
  'dialog',
] as const;
/** `unasked`: lets in without a challenge. It cannot record a password, and is no way to ask for one. */
export type MysqlMethod = (typeof MYSQL_METHODS)[number] | 'unasked, as MariaDB';

const PLUGINS: Record<MysqlMethod, string> = {
  native: 'mysql_native_password',
  'native, as MariaDB': 'mysql_native_password',
  'caching_sha2 fast': 'caching_sha2_password',
  'caching_sha2 full': 'caching_sha2_password',
  'caching_sha2 full, as MariaDB': 'caching_sha2_password',
  clear_password: 'mysql_clear_password',
  sha256_password: 'sha256_password',
  dialog: 'dialog',
  'unasked, as MariaDB': 'mysql_native_password',
};

const [CLIENT_CONNECT_WITH_DB, CLIENT_SSL, CLIENT_SECURE_CONNECTION, CLIENT_PLUGIN_AUTH, CLIENT_CONNECT_ATTRS, CLIENT_LENENC] = [
  0x8, 0x800, 0x8000, 0x80_000, 0x100_000, 0x200_000,
];
/** What every server of the last fifteen years has: protocol 4.1, long and several statements, plugins. */
const CAPABILITIES =
  0x1 |
  0x2 |
  0x4 |
  CLIENT_CONNECT_WITH_DB |
  0x200 |
  0x2000 |
  CLIENT_SECURE_CONNECTION |
  0x10_000 |
  0x20_000 |
  CLIENT_PLUGIN_AUTH |
  CLIENT_CONNECT_ATTRS |
  CLIENT_LENENC |
  0x1_000_000;
const COM_QUERY = 3;
const [OK, MORE_DATA, SWITCH, ERROR] = [0x00, 0x01, 0xfe, 0xff];
const WRONG_PASSWORD = 1045;
const NONCE = Buffer.from('twenty bytes, chosen');

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const RSA_PEM = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();

/** Starts one; it asks all clients by `options.method`, which may be changed at any time. */
export const startRogueMysql = (options: RogueOptions<MysqlMethod>): RogueServer<MysqlMethod> => makeRogueServer(options, serve, [RSA_PEM]);

type Rogue = { options: RogueOptions<MysqlMethod>; secure: (socket: net.Socket) => Promise<net.Socket> };

/** A connection, packet by packet, with the numbers that packets carry. */
class Wire {
  readonly socket: net.Socket;
  readonly reader: PacketReader;
  sequence = 0;
  constructor(socket: net.Socket) {
    this.socket = socket;
    this.reader = new PacketReader(socket);
  }
  async read(): Promise<Buffer> {
    const head = await this.reader.read(4);
    this.sequence = (head[3] ?? 0) + 1;
    return this.reader.read(head.readUIntLE(0, 3));
  }
  write(...parts: (Buffer | string | number[])[]): void {
    const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));
    const head = Buffer.alloc(4);
    head.writeUIntLE(body.length, 0, 3);
    head[3] = this.sequence++ & 0xff;
    this.socket.write(Buffer.concat([head, body]));
  }
}

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};

async function serve(raw: net.Socket, dial: Dial, { options, secure }: Rogue): Promise<void> {
  let wire = new Wire(raw);
  const isUnasked = options.method === 'unasked, as MariaDB';
  const capabilities = (isUnasked ? CAPABILITIES & ~(CLIENT_SECURE_CONNECTION | CLIENT_PLUGIN_AUTH) : CAPABILITIES) | (options.offersTls ? CLIENT_SSL : 0);
  const version = options.method.endsWith('MariaDB') ? '5.5.5-10.11.19-MariaDB' : '8.4.3';
  // Clients that know no method which servers announce hang up; they are asked to change to it instead.
  const announced = /^(mysql_native|caching_sha2)/.test(PLUGINS[options.method]) ? PLUGINS[options.method] : 'mysql_native_password';
  wire.write(
    [10],
    `${version}\0`,
    int32(7),
    NONCE.subarray(0, 8),
    [0, capabilities & 0xff, (capabilities >> 8) & 0xff, 45, 2, 0, (capabilities >> 16) & 0xff, (capabilities >> 24) & 0xff, isUnasked ? 0 : NONCE.length + 1],
    Buffer.alloc(10),
    ...(isUnasked ? [] : [NONCE.subarray(8), [0], `${announced}\0`]),
  );
  let packet = await wire.read();
  if (packet.readUInt32LE() & CLIENT_SSL) {
    wire.reader.release();
    const { sequence } = wire;
    wire = new Wire(await secure(raw));
    wire.sequence = sequence;
    dial.isSecure = true;
    packet = await wire.read();
  }
  const login = readLogin(packet);
  dial.user = login.user;
  if (!isUnasked) record(dial, login.plugin, login.response);
  await askMore(wire, dial, options.method, login);
  if (isLetIn(options, login.user, dial.sent.at(-1))) await passOn(wire, dial, options, login);
  else wire.write([ERROR, WRONG_PASSWORD & 0xff, WRONG_PASSWORD >> 8], '#28000Access denied');
}

interface Login {
  capabilities: number;
  user: string;
  response: Buffer;
  database: string | null;
  plugin: string;
}

/** HandshakeResponse41. */
function readLogin(packet: Buffer): Login {
  const capabilities = packet.readUInt32LE();
  let at = 32;
  const word = () => {
    const end = packet.indexOf(0, at);
    const value = packet.toString('utf8', at, end < 0 ? packet.length : end);
    at = end < 0 ? packet.length : end + 1;
    return value;
  };
  const user = word();
  const length = packet[at++] ?? 0;
  const response = packet.subarray(at, at + length);
  at += length;
  const database = capabilities & CLIENT_CONNECT_WITH_DB ? word() : null;
  return { capabilities, user, response, database, plugin: capabilities & CLIENT_PLUGIN_AUTH ? word() : 'mysql_native_password' };
}

const withoutEnd = (bytes: Buffer): string => bytes.toString('utf8').replace(/\0+$/, '');

function record(dial: Dial, plugin: string, response: Buffer): void {
  if (response.length === 0) return;
  const sent: Sent =
    plugin === 'mysql_native_password'
      ? { method: 'native', nonce: NONCE, response }
      : plugin === 'caching_sha2_password' && response.length === 32
        ? { method: 'caching_sha2', nonce: NONCE, response }
        : ['mysql_clear_password', 'dialog'].includes(plugin)
          ? { method: 'cleartext', text: withoutEnd(response) }
          : { method: 'other', name: plugin, response };
  dial.sent.push(sent);
}

/** Has the client change to the method, and go on to its most revealing end. */
async function askMore(wire: Wire, dial: Dial, method: MysqlMethod, login: Login): Promise<void> {
  const plugin = PLUGINS[method];
  if (login.plugin !== plugin) {
    wire.write([SWITCH], `${plugin}\0`, plugin === 'dialog' ? Buffer.from('\x04Password: ') : Buffer.concat([NONCE, Buffer.from([0])]));
    const response = await wire.read();
    if (plugin !== 'sha256_password') record(dial, plugin, response);
    else await readSecret(wire, dial, response, 1);
  }
  if (method === 'caching_sha2 fast') wire.write([MORE_DATA, 3]);
  if (method.startsWith('caching_sha2 full')) {
    wire.write([MORE_DATA, 4]);
    await readSecret(wire, dial, await wire.read(), 2);
  }
}

/** The password itself, by TLS, or encrypted for the key of this server where the client asks for one. */
async function readSecret(wire: Wire, dial: Dial, response: Buffer, keyRequest: number): Promise<void> {
  if (response.length !== 1 || response[0] !== keyRequest) {
    dial.sent.push({ method: 'cleartext', text: withoutEnd(response) });
    return;
  }
  wire.write([MORE_DATA], RSA_PEM);
  const masked = privateDecrypt({ key: rsa.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING }, await wire.read());
  dial.sent.push({ method: 'cleartext', text: withoutEnd(Buffer.from(masked.map((byte, i) => byte ^ (NONCE[i % NONCE.length] ?? 0)))) });
}

/** Logs in at the true server as its own login, and passes everything on; only whose session it is, it tells as the client wants it. */
async function passOn(
  wire: Wire,
  dial: Dial,
  { trueServer: { host, port, user }, rewrite = (statement) => statement }: RogueOptions<MysqlMethod>,
  login: Login,
): Promise<void> {
  const { socket } = wire;
  const upstream = net.connect({ host, port, noDelay: true });
  upstream.on('error', () => socket.destroy()).on('close', () => socket.destroy());
  socket.on('close', () => upstream.destroy());
  await once(upstream, 'connect');
  const answers = new Wire(upstream);
  await answers.read();
  const capabilities = (login.capabilities | CLIENT_PLUGIN_AUTH) & ~(CLIENT_SSL | CLIENT_CONNECT_ATTRS | CLIENT_LENENC);
  const database = login.database === null ? '' : `${login.database}\0`;
  answers.write(int32(capabilities), int32(0x1_000_000), [45], Buffer.alloc(23), `${user}\0`, [0], database, 'mysql_native_password\0');
  let answer = await answers.read();
  if (answer[0] === SWITCH) {
    answers.write([]);
    answer = await answers.read();
  }
  wire.write(answer);
  if (answer[0] !== OK) return;
  answers.reader.release();
  upstream.on('data', (bytes) => socket.write(bytes)).resume();
  for (;;) {
    let packet = await wire.read();
    if (packet[0] === COM_QUERY) {
      const statement = packet.toString('utf8', 1);
      dial.sent.push({ method: 'statement', text: statement });
      packet = Buffer.concat([Buffer.from([COM_QUERY]), Buffer.from(rewrite(statement).replace(/CURRENT_USER\(\)/gi, `'${login.user}@%'`))]);
    }
    answers.sequence = 0;
    answers.write(packet);
  }
}
