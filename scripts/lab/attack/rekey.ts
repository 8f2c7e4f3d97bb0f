// The Rekey under attack: the API and a worker as processes of their own, started from a checkout, and what this process
// may ask it. Its code is imported from that checkout too, so that an older one can be attacked as it was.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { freePort } from '#scripts/servers/free-port.ts';
import { until } from '#scripts/torture/until.ts';

type CallApi = typeof import('#scripts/testing/call-api.ts');
export type Headers = Record<string, string>;

export interface Answer {
  status: number;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: looks into any answer
  body: any;
}

export interface Operation {
  method: string;
  /** As the document writes it: `/api/v1/projects/{projectId}`. */
  path: string;
  /** The names in its body, those of objects in it after a dot. */
  fields: string[];
}

/** A password that Rekey keeps, and whose it is. */
export interface StoredPassword {
  of: string;
  password: string;
}

export interface Rekey {
  callApi: CallApi;
  operations: Operation[];
  send: (headers: Headers, method: string, path: string, body?: object) => Promise<Answer>;
  /** Every version of the logins of these projects that is still kept. */
  storedPasswords: (projectIds: string[]) => Promise<StoredPassword[]>;
  /** Runs a statement in its store, or does nothing where the store of that checkout has no such thing. */
  sql: (statement: string) => Promise<void>;
  /** Waits until no job is queued or running. False where some still are after `timeoutMs`. */
  settle: (timeoutMs?: number) => Promise<boolean>;
  stop: () => Promise<void>;
}

/** Waits so short that many attempts fit into a run. */
const SETTINGS = {
  REKEY_BACKOFF_MS: '50',
  REKEY_ATTENTION_MS: '400',
  REKEY_FAILED_LOGINS_MINUTES: '0.01',
  REKEY_POOLER_RETRY_MS: '30,60',
  REKEY_DEADLINE_MS: '5000',
  REKEY_RATE_LIMIT: '100000000',
};

/**
 * Starts the API and a worker of the checkout in `folder`. The environment of this process must lead to the store:
 * `DATABASE_URL` and the keys; `more` is added for the processes.
 */
export async function startRekey(folder: string, more: Record<string, string>): Promise<Rekey> {
  const load = <M>(path: string): Promise<M> => import(pathToFileURL(join(folder, path)).href) as Promise<M>;
  const origin = `http://127.0.0.1:${await freePort()}`;
  Object.assign(process.env, { NEXTAUTH_URL: origin, ...SETTINGS });
  process.env.REKEY_ENCRYPTION_KEY ??= randomBytes(32).toString('base64');
  process.env.NEXTAUTH_SECRET ??= randomBytes(32).toString('base64');
  const { checkEncryptionKeys } = await load<typeof import('#lib/crypto/check-keys.ts')>('lib/crypto/check-keys.ts');
  await checkEncryptionKeys();
  const processes = await Promise.all([
    startProcess(folder, 'scripts/testing/serve-api-process.ts', more, 'api ready'),
    startProcess(folder, 'workers/main.ts', more, 'worker ready'),
  ]);
  const { makeDocument } = await load<typeof import('#scripts/openapi/make-document.ts')>('scripts/openapi/make-document.ts');
  const { db } = await load<typeof import('#lib/kernel/db.ts')>('lib/kernel/db.ts');
  const { openCredential } = await load<typeof import('#lib/logins/sealing.ts')>('lib/logins/sealing.ts');

  return {
    callApi: await load<CallApi>('scripts/testing/call-api.ts'),
    operations: operationsOf(JSON.parse(JSON.stringify(await makeDocument()))),
    send: async (headers, method, path, body) => {
      const response = await fetch(`${origin}${path}`, {
        method,
        // A connection of its own for each: a kept one may be closed for idleness just as a request is on its way.
        headers: { ...headers, connection: 'close', ...(body && { 'content-type': 'application/json' }) },
        ...(body && method !== 'GET' && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, text, body: parse(text) };
    },
    storedPasswords: async (projectIds) => {
      const projects = await db.project.findMany({ where: { id: { in: projectIds } }, select: { databaseId: true } });
      const credentials = await db.credential.findMany({ where: { databaseId: { in: projects.map(({ databaseId }) => databaseId) } } });
      return Promise.all(credentials.map(async (row) => ({ of: `${row.loginName} v${row.version}`, password: (await openCredential(row)).password.reveal() })));
    },
    sql: (statement) =>
      db.$executeRawUnsafe(statement).then(
        () => undefined,
        () => undefined,
      ),
    settle: async (timeoutMs = 30_000) => {
      const isQuiet = async () => (await db.job.count({ where: { state: { in: ['queued', 'running'] } } })) === 0;
      return until('the jobs to end', isQuiet, { timeoutMs, everyMs: 100 }).then(
        () => true,
        () => false,
      );
    },
    stop: async () => void (await Promise.all(processes.map((stop) => stop()))),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function startProcess(folder: string, file: string, more: Record<string, string>, ready: string): Promise<() => Promise<void>> {
  const child: ChildProcess = spawn(process.execPath, [file], {
    cwd: folder,
    env: { ...process.env, REKEY_LOG_LEVEL: 'info', ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes: Buffer) => (output = (output + bytes).slice(-20_000)));
  const killed = () => child.kill('SIGKILL');
  process.once('exit', killed);
  const exited = once(child, 'exit');
  await Promise.race([
    until(`${file} to be ready`, () => output.includes(ready), { timeoutMs: 120_000 }),
    exited.then(() => {
      throw new Error(`${file} ended:\n${output}`);
    }),
  ]);
  return async () => {
    process.off('exit', killed);
    child.kill('SIGKILL');
    await exited;
  };
}

interface Schema {
  properties?: Record<string, Schema>;
  anyOf?: Schema[];
}

/** The names in a schema, those of objects in it after a dot. */
function fieldsOf({ properties = {}, anyOf = [] }: Schema): string[] {
  const own = Object.entries(properties).flatMap(([name, one]) => {
    const inner = fieldsOf(one);
    return inner.length > 0 ? inner.map((more) => `${name}.${more}`) : [name];
  });
  return [...own, ...anyOf.flatMap(fieldsOf)];
}

interface Document {
  paths: Record<string, Record<string, { requestBody?: { content: Record<string, { schema: Schema }> } }>>;
}

/** The routes of an OpenAPI document. */
export const operationsOf = ({ paths }: Document): Operation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { requestBody }]) => ({
      method: method.toUpperCase(),
      path,
      fields: fieldsOf(requestBody?.content['application/json']?.schema ?? {}),
    })),
  );
