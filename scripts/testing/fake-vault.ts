// Vault's transit engine as its API documentation has it, with a memory, and strict: whatever a client sends that is not
// written down there is a violation.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const TOKEN = `hvs.${randomBytes(24).toString('base64url')}`;

const base64 = z.base64().min(1);
const BODIES = {
  encrypt: z.strictObject({ plaintext: base64, associated_data: base64 }),
  decrypt: z.strictObject({ ciphertext: z.string().regex(/^vault:v[1-9]\d*:/), associated_data: base64 }),
};

export interface FakeVault {
  url: string;
  token: string;
  /** Adds a key, or a version to it. */
  rotate: (name: string) => void;
  /** From now on older versions are not unwrapped with. */
  setMinDecryptionVersion: (name: string, version: number) => void;
  seal: (isSealed: boolean) => void;
  /** Answers the next ones so; `hang` never does. */
  failNext: (count: number, how: number | 'hang' | 'huge') => void;
  forbid: (token: string) => void;
  requests: { path: string; status: number }[];
  violations: string[];
  stop: () => Promise<void>;
}

interface Key {
  versions: Buffer[];
  minDecryption: number;
}

class Refusal extends Error {
  readonly status: number;
  constructor(status: number, said: string) {
    super(said);
    this.status = status;
  }
}

/** Starts it on loopback; with TLS where a certificate is given. */
export async function startFakeVault({
  mount = 'transit',
  namespace = null as string | null,
  tls = null as { certPem: string; keyPem: string } | null,
} = {}): Promise<FakeVault> {
  const keys = new Map<string, Key>();
  const forbidden = new Set<string>();
  const requests: FakeVault['requests'] = [];
  const violations: string[] = [];
  const faults: (number | 'hang' | 'huge')[] = [];
  let isSealed = false;

  function answer(request: http.IncomingMessage, text: string): object {
    const violate = (what: string): never => {
      violations.push(`${request.method} ${request.url}: ${what}`);
      throw new Refusal(400, what);
    };
    if (isSealed) throw new Refusal(503, 'Vault is sealed');
    const { headers, method = '', url = '' } = request;
    if (method !== 'POST' && method !== 'PUT') violate('the method is not POST');
    if (headers['content-type'] !== 'application/json') violate('the body is not JSON');
    if ((headers['x-vault-namespace'] ?? null) !== namespace) throw new Refusal(404, 'no handler for route');
    const token = headers['x-vault-token'];
    if (token !== TOKEN || forbidden.has(token)) throw new Refusal(403, 'permission denied');
    const [, path = '', verb = '', name = ''] = /^\/v1\/(.+)\/(encrypt|decrypt)\/([\w.-]+)$/.exec(url) ?? violate('no such path');
    if (path !== mount) throw new Refusal(404, `no handler for route "${path}/${verb}/${name}"`);
    const key = keys.get(name);
    const parsed = BODIES[verb as 'encrypt' | 'decrypt'].safeParse(JSON.parse(text));
    if (!parsed.success) return violate(z.prettifyError(parsed.error));
    // With "update" alone, as Rekey is to have it, a missing key is not made.
    if (!key) throw new Refusal(verb === 'encrypt' ? 403 : 400, verb === 'encrypt' ? 'permission denied' : 'encryption key not found');
    return verb === 'encrypt' ? encrypt(key, BODIES.encrypt.parse(parsed.data)) : decrypt(key, BODIES.decrypt.parse(parsed.data));
  }

  async function serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += chunk;
    const fault = faults.shift();
    if (fault === 'hang') return;
    const send = (status: number, body: object | string) => {
      requests.push({ path: request.url ?? '', status });
      response.writeHead(status, { 'content-type': 'application/json' }).end(typeof body === 'string' ? body : JSON.stringify(body));
    };
    if (fault === 'huge') return send(200, `{"data":{"ciphertext":"${'x'.repeat(5_000_000)}"}}`);
    if (fault !== undefined) return send(fault, { errors: ['made to fail'] });
    try {
      const data = answer(request, text);
      send(200, { request_id: randomBytes(16).toString('hex'), lease_id: '', renewable: false, lease_duration: 0, data, wrap_info: null, warnings: null });
    } catch (error) {
      send(error instanceof Refusal ? error.status : 500, { errors: [(error as Error).message] });
    }
  }

  const handle = (request: http.IncomingMessage, response: http.ServerResponse) => void serve(request, response);
  const server = tls ? https.createServer({ cert: tls.certPem, key: tls.keyPem }, handle) : http.createServer(handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`,
    token: TOKEN,
    rotate: (name) => {
      const key = keys.get(name) ?? { versions: [], minDecryption: 1 };
      key.versions.push(randomBytes(32));
      keys.set(name, key);
    },
    setMinDecryptionVersion: (name, version) => {
      const key = keys.get(name);
      if (key) key.minDecryption = version;
    },
    seal: (is) => {
      isSealed = is;
    },
    failNext: (count, how) => void faults.splice(0, faults.length, ...Array.from({ length: count }, () => how)),
    forbid: (token) => void forbidden.add(token),
    requests,
    violations,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function encrypt({ versions }: Key, { plaintext, associated_data: aad }: z.infer<typeof BODIES.encrypt>): object {
  const [key, iv] = [versions.at(-1) ?? Buffer.alloc(0), randomBytes(12)];
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(aad, 'base64'));
  const box = Buffer.concat([iv, cipher.update(plaintext, 'base64'), cipher.final(), cipher.getAuthTag()]);
  return { ciphertext: `vault:v${versions.length}:${box.toString('base64')}`, key_version: versions.length };
}

function decrypt({ versions, minDecryption }: Key, { ciphertext, associated_data: aad }: z.infer<typeof BODIES.decrypt>): object {
  const [, version = '', body = ''] = ciphertext.split(':');
  const number = Number(version.slice(1));
  if (number < minDecryption) throw new Refusal(400, 'ciphertext or signature version is disallowed by policy (too old)');
  const key = versions[number - 1];
  if (!key) throw new Refusal(400, 'invalid ciphertext: version is too new');
  const box = Buffer.from(body, 'base64');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, 12)).setAAD(Buffer.from(aad, 'base64')).setAuthTag(box.subarray(-16));
    return { plaintext: Buffer.concat([decipher.update(box.subarray(12, -16)), decipher.final()]).toString('base64') };
  } catch {
    throw new Refusal(400, 'cipher: message authentication failed');
  }
}
