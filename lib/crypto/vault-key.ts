import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { z } from 'zod';
import { type KeyEncryptionKey, KeyUnavailableError, SealBrokenError } from './key-encryption-key.ts';

export interface VaultSettings {
  /** VAULT_ADDR, such as https://vault.internal:8200. */
  address: string;
  /** Read anew for each request, since an agent may renew it. Throws where it cannot be read. */
  token: () => string;
  /** The name of the key in the transit engine. */
  key: string;
  /** Where the engine is mounted. */
  mount: string;
  namespace: string | undefined;
  /** The authority of Vault's certificate, where it is none that the system knows. */
  caPem: string | undefined;
  /** How long one try may take, in ms. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 4_000;
/** Waits before it is tried again, in ms. */
const RETRY_MS = [150, 600];
const ANSWER_LIMIT_BYTES = 16_384;
const CIPHERTEXT = /^vault:v(\d{1,9}):[A-Za-z0-9+/]+={0,2}$/;

const wrapAnswer = z.object({ data: z.object({ ciphertext: z.string().regex(CIPHERTEXT) }) });
const unwrapAnswer = z.object({ data: z.object({ plaintext: z.base64() }) });
const refusal = z.object({ errors: z.array(z.string()).default([]) });

type Verb = 'encrypt' | 'decrypt';

interface Answer {
  status: number;
  body: unknown;
}

/**
 * A key of HashiCorp Vault's transit engine, or OpenBao's: data keys are wrapped and unwrapped there, and the key never
 * leaves it (https://developer.hashicorp.com/vault/api-docs/secret/transit). It has to be an AEAD key (aes256-gcm96): the
 * context is its `associated_data`. The id tells the key's version that wrapped last, so a key that Vault has rotated is
 * another one to wrap with, and opens what the former versions wrapped.
 */
export function vaultKey(settings: VaultSettings): KeyEncryptionKey {
  const { mount, namespace = '', key } = settings;
  const name = `vault-${createHash('sha256')
    .update(JSON.stringify([namespace, mount, key]))
    .digest('hex')
    .slice(0, 8)}`;
  const agent = new Agent({ connect: { ...(settings.caPem && { ca: settings.caPem }) } });
  let version = 0;

  /** One question, asked again where it was not answered or Vault could not. Throws KeyUnavailableError. */
  async function ask(verb: Verb, body: object): Promise<Answer> {
    for (let tries = 0; ; tries++) {
      const answer = await askOnce(settings, agent, verb, body);
      const waitMs = RETRY_MS[tries];
      if ((answer !== null && answer.status !== 429 && answer.status < 500) || waitMs === undefined) return judge(settings, verb, answer);
      await delay(waitMs);
    }
  }

  return {
    get id() {
      return `${name}-${version}`;
    },
    provider: 'vault',
    opens: (id) => id.startsWith(`${name}-`),
    wrap: async (dataKey, context) => {
      const { body } = await ask('encrypt', { plaintext: dataKey.toString('base64'), associated_data: context.toString('base64') });
      const { data, success } = wrapAnswer.safeParse(body);
      if (!success) throw notUnderstood();
      version = Math.max(version, Number(CIPHERTEXT.exec(data.data.ciphertext)?.[1]));
      return Buffer.from(data.data.ciphertext);
    },
    unwrap: async (wrapped, context) => {
      const ciphertext = wrapped.toString('latin1');
      if (!CIPHERTEXT.test(ciphertext)) throw new SealBrokenError();
      const { status, body } = await ask('decrypt', { ciphertext, associated_data: context.toString('base64') });
      if (status === 400) throw new SealBrokenError();
      const { data, success } = unwrapAnswer.safeParse(body);
      if (!success) throw notUnderstood();
      return Buffer.from(data.data.plaintext, 'base64');
    },
  };
}

/** Null where nothing was answered in time. Follows no redirect: the token goes to this address alone. */
async function askOnce({ address, token, key, mount, namespace, timeoutMs = TIMEOUT_MS }: VaultSettings, agent: Agent, verb: Verb, body: object) {
  const url = `${address}/v1/${mount.split('/').map(encodeURIComponent).join('/')}/${verb}/${encodeURIComponent(key)}`;
  const headers = {
    'content-type': 'application/json',
    'x-vault-token': token(),
    'x-vault-request': 'true',
    ...(namespace && { 'x-vault-namespace': namespace }),
  };
  try {
    const answer = await request(url, { dispatcher: agent, method: 'POST', headers, body: JSON.stringify(body), signal: AbortSignal.timeout(timeoutMs) });
    let text = '';
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      text += chunk.toString();
      if (text.length > ANSWER_LIMIT_BYTES) break;
    }
    return { status: answer.statusCode, body: parse(text) };
  } catch {
    return null;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const notUnderstood = () => new KeyUnavailableError('Vault did not answer as the transit engine does. Check VAULT_ADDR and REKEY_VAULT_MOUNT.');

/** Accepts an answer that succeeds or calls the ciphertext wrong; throws the fix for any other. Nothing that Vault writes is passed on. */
function judge({ key, mount }: VaultSettings, verb: Verb, answer: Answer | null): Answer {
  if (answer === null) throw new KeyUnavailableError('Vault does not answer at VAULT_ADDR. Check the address, its certificate (VAULT_CACERT) and the network.');
  const { status, body } = answer;
  const said = refusal.safeParse(body).data?.errors.join(' ') ?? '';
  if (status === 200) return answer;
  if (status === 503) throw new KeyUnavailableError('Vault is sealed or under maintenance. Unseal it; Rekey then recovers without a restart.');
  if (status === 429) throw new KeyUnavailableError('Vault has had too many requests. Raise its rate limit for Rekey.');
  if (status === 403)
    throw new KeyUnavailableError(
      `Vault refuses the token. It needs a policy with "update" on ${mount}/encrypt/${key} and ${mount}/decrypt/${key}; renew or replace VAULT_TOKEN or the file of REKEY_VAULT_TOKEN_FILE.`,
    );
  if (status === 404) throw new KeyUnavailableError(`Vault has no transit engine at ${mount}. Check REKEY_VAULT_MOUNT and VAULT_NAMESPACE.`);
  if (status === 400 && /key not found/i.test(said))
    throw new KeyUnavailableError(`Vault has no key ${key} in ${mount}. Check REKEY_VAULT_KEY; Rekey does not create it.`);
  if (status === 400 && /too old/i.test(said))
    throw new KeyUnavailableError(`Vault no longer unwraps with the version of ${key} that a value was wrapped with. Lower its min_decryption_version.`);
  if (status === 400 && /associated/i.test(said))
    throw new KeyUnavailableError(`The key ${key} of Vault binds no context. Use one of the type aes256-gcm96 that is not derived.`);
  if (status === 400 && verb === 'decrypt') return answer;
  if (status >= 500) throw new KeyUnavailableError('Vault has an internal error. Read its log; Rekey then recovers without a restart.');
  throw notUnderstood();
}

/** The token of a file, as it is now. */
export function tokenFrom(file: string): () => string {
  return () => {
    try {
      return readFileSync(file, 'utf8').trim();
    } catch {
      throw new KeyUnavailableError('REKEY_VAULT_TOKEN_FILE names a file that cannot be read. Fix the path, or let the user that runs Rekey read it.');
    }
  };
}
