// The servers, the logins and the receivers of a soak: everything that Rekey works on, and the store it keeps.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import type { EventType } from '#lib/contract/webhook.ts';
import { runPrisma } from '#scripts/run-tool.ts';
import { type MariadbTarget, startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { type Postgres, startPostgres } from '#scripts/servers/postgres.ts';
import { startTcpProxy, type TcpProxy } from '#scripts/servers/tcp-proxy.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import type { Adopted } from '#scripts/testing/adopt.ts';
import type { Connected } from '#scripts/testing/drive-sync.ts';
import { type ProviderFakes, startProviderFakes } from '#scripts/testing/provider-fakes.ts';
import { type Received, startReceiver } from '#scripts/testing/receiver.ts';

// A webhook receiver that checks every signature, refuses some deliveries, and counts which jobs it was told of.

interface Hearer {
  /** Whether it was told so of the job. */
  wasTold: (type: EventType, jobId: string) => boolean;
  /** How many deliveries it accepted. */
  heard: () => number;
  /** Deliveries whose signature did not fit. */
  forged: () => number;
  /** Whether it refuses every twentieth delivery, so that it has to be sent again. */
  refuseSome: (on: boolean) => void;
  stop: () => Promise<void>;
}

/** Starts it and registers it for all events of the organization. */
async function startHearer(organizationId: string): Promise<Hearer> {
  const receiver = await startReceiver();
  const { createWebhookEndpoint } = await import('#lib/webhooks/create-webhook-endpoint.ts');
  const context = { organizationId, actor: { kind: 'system', id: null, name: 'soak' }, origin: {} } as const;
  const { plaintext_secret: secret } = await createWebhookEndpoint(context, { url: receiver.url, event_types: ['*'] });
  const webhook = new Webhook(secret ?? '');
  const told = new Set<string>();
  let isRefusing = true;
  let [asked, heard, forged] = [0, 0, 0];
  receiver.answer((response) => {
    asked += 1;
    const all = receiver.received.splice(0);
    if (isRefusing && asked % 20 === 0) return response.writeHead(503).end();
    for (const one of all) if (!hear(one)) forged += 1;
    response.writeHead(204).end();
  });
  function hear({ body, headers }: Received): boolean {
    try {
      webhook.verify(body, headers as Record<string, string>);
    } catch {
      return false;
    }
    heard += 1;
    const { type, data } = JSON.parse(body) as { type: string; data: { job_id?: string } };
    if (data.job_id) told.add(`${type} ${data.job_id}`);
    return true;
  }
  return {
    wasTold: (type, jobId) => told.has(`${type} ${jobId}`),
    heard: () => heard,
    forged: () => forged,
    refuseSome: (on) => {
      isRefusing = on;
    },
    stop: receiver.stop,
  };
}

export interface StageOptions {
  logins: number;
  /** The relay before the store for one web server and one worker adds this much to each answer, as a slow disk does. */
  slowStoreMs: number;
}

export type Place = 'postgresql-18' | 'postgresql-15' | 'mariadb';

export interface SoakLogin extends Adopted {
  place: Place;
  user: string;
  /** The environment of a site that uses the login. */
  environmentId?: string;
}

export interface Stage {
  store: { url: string; slowUrl: string; relay: TcpProxy; crash: () => Promise<void>; start: () => Promise<void> };
  direct: TestTarget;
  pooled: TestTarget;
  mariadb: MariadbTarget;
  fakes: ProviderFakes;
  hearer: Hearer;
  logins: SoakLogin[];
  connected: { login: SoakLogin; everywhere: Connected[] }[];
  organizationId: string;
  /** Of an API key that may do everything. */
  headers: Record<string, string>;
  stop: () => Promise<void>;
}

/** Commits are on their way to the disk before they are answered, so that a crash of the server loses none. */
const STORE_SETTINGS = { fsync: 'off', max_connections: '200' };

async function startStore(slowMs: number) {
  const dir = mkdtempSync(join(tmpdir(), 'rekey-soak-'));
  chmodSync(dir, 0o755);
  const launch = (port?: number) => startPostgres({ dir, ...(port && { port }), settings: STORE_SETTINGS });
  let server: Postgres = await launch();
  const { port } = server;
  await runPrisma(['migrate', 'deploy'], { env: { DATABASE_URL: server.url } });
  const relay = await startTcpProxy({ host: '127.0.0.1', port }, { keepsSent: false });
  relay.delay(slowMs);
  return {
    url: server.url,
    slowUrl: Object.assign(new URL(server.url), { port: String(relay.port) }).href,
    relay,
    crash: () => server.crash(),
    start: async () => {
      server = await launch(port);
    },
    stop: async () => {
      await relay.stop();
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Starts it all and lets this process use the store: modules that read the environment may be imported only afterwards. */
export async function startStage({ logins: count, slowStoreMs }: StageOptions): Promise<Stage> {
  const [store, direct, pooled, mariadb, fakes] = await Promise.all([
    startStore(slowStoreMs),
    startTarget({ version: '18' }),
    startTarget({ version: '15', pooler: 'auth_query' }),
    startMariadbTarget({ settings: { 'general-log': '0' } }),
    startProviderFakes(),
  ]);
  Object.assign(process.env, {
    DATABASE_URL: store.url,
    REKEY_LOG_LEVEL: 'silent',
    REKEY_RATE_LIMIT: '1000000',
    REKEY_OUTBOUND_ALLOW: '127.0.0.0/8',
    REKEY_HTTP_HOOK_HOSTS: '127.0.0.1',
  });
  process.env.REKEY_ENCRYPTION_KEY ??= randomBytes(32).toString('base64');
  process.env.NEXTAUTH_SECRET ??= randomBytes(32).toString('base64');
  const { checkEncryptionKeys } = await import('#lib/crypto/check-keys.ts');
  await checkEncryptionKeys();
  const { keyHeaders, makeOrganization } = await import('#scripts/testing/call-api.ts');
  const organizationId = await makeOrganization();
  const headers = await keyHeaders(organizationId);
  const hearer = await startHearer(organizationId);
  const logins = await adoptLogins(count, { direct, pooled, mariadb, organizationId });
  const connected = await connectSome(logins, fakes);
  return {
    store,
    direct,
    pooled,
    mariadb,
    fakes,
    hearer,
    logins,
    connected,
    organizationId,
    headers,
    stop: async () => void (await Promise.all([store, direct, pooled, mariadb, fakes, hearer].map((one) => one.stop()))),
  };
}

type Servers = Pick<Stage, 'direct' | 'pooled' | 'mariadb' | 'organizationId'>;

/** Two fifths on PostgreSQL 18, changed by the role; as many on 15 behind PgBouncer and a fifth on MariaDB, changed by a rotator. */
async function adoptLogins(count: number, { direct, pooled, mariadb, organizationId }: Servers): Promise<SoakLogin[]> {
  const { adopt } = await import('#scripts/testing/adopt.ts');
  const first = await pooled.createLogin('first');
  const rotators = { pooled: await pooled.createRotator('rotator', first), mariadb: await mariadb.createRotator('rotator') };
  const logins: SoakLogin[] = [];
  for (let i = 0; i < count; i++) {
    const user = `app_${i + 1}`;
    const place: Place = i % 5 === 4 ? 'mariadb' : i % 2 === 0 ? 'postgresql-18' : 'postgresql-15';
    const server = { 'postgresql-18': direct, 'postgresql-15': pooled, mariadb }[place];
    const login = await server.createLogin(user);
    const rotator = place === 'mariadb' ? rotators.mariadb : place === 'postgresql-15' ? rotators.pooled : undefined;
    const engine = place === 'mariadb' ? 'mysql' : 'postgresql';
    const adopted = await adopt({ engine, target: server.target, login, organizationId, ...(rotator && { rotator }) });
    logins.push({ ...adopted, place, user, ...(place === 'mariadb' && i % 2 === 0 && { environmentId: await addEnvironment(adopted) }) });
  }
  return logins;
}

/** A site with one environment; both use the login. */
async function addEnvironment({ context: { organizationId }, projectId }: Adopted): Promise<string> {
  const [{ db }, { newId }] = await Promise.all([import('#lib/kernel/db.ts'), import('#lib/kernel/ids.ts')]);
  const [siteId, environmentId] = [newId('sit'), newId('env')];
  await db.site.create({ data: { id: siteId, organizationId, projectId, partnerCustomerId: projectId } });
  await db.siteEnvironment.create({ data: { id: environmentId, organizationId, siteId, projectId, name: 'production' } });
  return environmentId;
}

/** A place at each of the three providers for a few projects. */
async function connectSome(logins: SoakLogin[], fakes: ProviderFakes): Promise<Stage['connected']> {
  const { connect } = await import('#scripts/testing/drive-sync.ts');
  const some = logins.filter(({ place }) => place === 'postgresql-15').slice(0, Math.max(2, Math.round(logins.length / 25)));
  const connected: Stage['connected'] = [];
  for (const login of some) {
    const everywhere = [
      await connect(login, fakes, 'vercel', { targets: ['development', 'production'] }),
      await connect(login, fakes, 'netlify', { redeploy: 'automatic' }),
      await connect(login, fakes, 'github'),
    ];
    connected.push({ login, everywhere });
  }
  return connected;
}
