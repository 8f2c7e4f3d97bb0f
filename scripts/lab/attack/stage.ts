// Who is attacked and by whom: victims in one organization, prey there that may be changed or ended, and attackers.
import { startFakeVercel } from '#scripts/testing/fake-vercel.ts';
import { until } from '#scripts/torture/until.ts';
import type { Headers, Rekey, StoredPassword } from './rekey.ts';
import { CHANNELS, type Channel, type Eavesdropper, type Engine, type Theatre } from './theatre.ts';

export type Ids = Record<string, string>;

export const ACTORS = ['stranger', 'other organization', "other project's key", 'limited key', 'stale session'] as const;
export type ActorName = (typeof ACTORS)[number];

export interface Attacker {
  name: ActorName;
  headers: Headers;
  /** The organization it asks about. */
  organizationId: string;
  /** Whether it may change projects of the victims' organization: what it does to them is no finding then, what it learns is. */
  mayChange: boolean;
  /** Things of its own; made anew for every phase. */
  own: Ids;
}

export interface Victim {
  theatre: Theatre;
  channel: Channel;
  roleName: string;
  projectId: string;
  /** Its facts as they were given, but for the connection URL; to be given again where an attack has changed them. */
  facts: object;
}

export interface Stage {
  rekey: Rekey;
  organizationId: string;
  /** A key that may do everything in the victims' organization. */
  owner: Headers;
  attackers: Attacker[];
  victims: Victim[];
  eavesdropper: Eavesdropper;
  /** What belongs to victims, by the names of parameters. */
  victimIds: Record<Engine, Ids>;
  /** The same of what may be changed and ended. */
  preyIds: Record<Engine, Ids>;
  /** Passwords that were typed for victims, and those of rotators. */
  typed: StoredPassword[];
  /** What the fake Vercel holds of a victim. */
  heldByVercel: () => Record<string, string>;
  stop: () => Promise<void>;
}

const factsOf = ({ caPem }: Theatre, channel: Channel): object => ({
  ssl_mode: channel === 'pooled' || channel === 'rotator' ? 'prefer' : channel,
  ...(channel === 'verify-ca' && { ca_pem: caPem }),
});

/** Asks as somebody who may; throws where it is refused. */
// biome-ignore lint/suspicious/noExplicitAny: looks into any answer
export async function must(rekey: Rekey, headers: Headers, method: string, path: string, body?: object): Promise<any> {
  const answer = await rekey.send(headers, method, path, body);
  if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
  return answer.body;
}

export const untilReady = (rekey: Rekey, headers: Headers, projectId: string, timeoutMs = 30_000): Promise<void> => {
  let last = '';
  return until(
    `project ${projectId} to be ready`,
    async () => {
      const { project } = await must(rekey, headers, 'GET', `/api/v1/projects/${projectId}`);
      last = `${project.state} ${project.last_error}`;
      return project.state === 'ready';
    },
    { timeoutMs },
  ).catch((error: Error) => {
    throw new Error(`${error.message}: ${last}`);
  });
};

const adoptAs = async (rekey: Rekey, headers: Headers, body: object): Promise<string> => {
  const { project } = await must(rekey, headers, 'POST', '/api/v1/projects', body);
  await untilReady(rekey, headers, project.id);
  return project.id;
};

/** Makes victims, prey and attackers for these theatres. */
export async function setStage(rekey: Rekey, theatres: readonly Theatre[], eavesdropper: Eavesdropper): Promise<Stage> {
  const { makeOrganization, keyHeaders, memberHeaders } = rekey.callApi;
  const [organizationId, otherOrganizationId] = [await makeOrganization(), await makeOrganization()];
  const owner = await keyHeaders(organizationId);
  const typed: StoredPassword[] = [];
  const type = (of: string): string => {
    const password = `kept-for-${of}-${crypto.randomUUID()}`;
    typed.push({ of, password });
    return password;
  };
  const victims: Victim[] = [];
  const victimIds: Stage['victimIds'] = { postgresql: {}, mysql: {} };
  for (const theatre of theatres) {
    const ask = (method: string, path: string, body?: object) => must(rekey, owner, method, path, body);
    for (const channel of CHANNELS) {
      const [relay, pooler] = [theatre.relays[channel], theatre.relays.pooler];
      if (!relay || (channel === 'pooled' && !pooler)) continue;
      const roleName = `victim_${channel.replace('-', '_')}`;
      const password = type(`${theatre.engine} ${roleName}`);
      await theatre.createLogin(roleName, password);
      const rotator = channel === 'rotator' ? await theatre.createRotator('true_rotator', roleName) : null;
      if (rotator) typed.push({ of: `${theatre.engine} rotator`, password: rotator });
      const facts = { ...factsOf(theatre, channel), ...(rotator && { rotator_url: theatre.url(relay, 'true_rotator', rotator) }) };
      const projectId = await adoptAs(rekey, owner, {
        name: `Victim ${theatre.engine} ${channel}`,
        connection_url: theatre.url(relay, roleName, password),
        ...(channel === 'pooled' && pooler && { pooled_connection_url: theatre.url(pooler, roleName, password) }),
        ...facts,
      });
      victims.push({ theatre, channel, roleName, projectId, facts });
    }
    const { relays, createLogin, url } = theatre;
    const login = async (name: string) => {
      const password = type(`${theatre.engine} ${name}`);
      await createLogin(name, password);
      return { connection_url: url(relays.prefer as { host: string; port: number }, name, password) };
    };
    const { data: site } = await ask('POST', '/api/v1/vector/sites', { partner_customer_id: `victim ${theatre.engine}`, database: await login('victim_dev') });
    const { data: environment } = await ask('POST', `/api/v1/vector/sites/${site.id}/environments`, {
      name: 'production',
      database: await login('victim_prod'),
    });
    const { data: secret } = await ask('POST', `/api/v1/vector/environments/${environment.id}/secrets`, { key: 'NAME', value: 'a value' });
    await untilReady(rekey, owner, site.project_id);
    await untilReady(rekey, owner, environment.project_id);
    const [first] = victims.filter((victim) => victim.theatre === theatre && victim.channel === 'prefer');
    victims.push(
      { theatre, channel: 'prefer', roleName: 'victim_dev', projectId: site.project_id, facts: {} },
      { theatre, channel: 'prefer', roleName: 'victim_prod', projectId: environment.project_id, facts: {} },
    );
    const { consumer } = await ask('POST', `/api/v1/projects/${first?.projectId}/consumers`, { name: 'CI', kind: 'ci_secret' });
    const { job } = await ask('POST', `/api/v1/projects/${first?.projectId}/credentials/rotate`, { reason: 'routine' });
    victimIds[theatre.engine] = {
      projectId: first?.projectId ?? '',
      siteId: site.id,
      environmentId: environment.id,
      secretId: secret.id,
      consumerId: consumer.id,
      jobId: job.id,
    };
  }
  await rekey.settle();

  const vercel = await startFakeVercelFor(rekey, owner, victimIds.postgresql.projectId ?? victimIds.mysql.projectId ?? '');
  const shared = await shareThings(rekey, owner, organizationId);
  for (const ids of Object.values(victimIds)) Object.assign(ids, shared);
  const attacker = (name: ActorName, headers: Headers, mayChange: boolean, of = organizationId): Attacker => ({
    name,
    headers,
    organizationId: of,
    mayChange,
    own: {},
  });
  // A key has to be limited to some project; the phases give it a newer one.
  return {
    rekey,
    organizationId,
    owner,
    victims,
    eavesdropper,
    victimIds,
    preyIds: { postgresql: {}, mysql: {} },
    typed,
    heldByVercel: vercel.held,
    attackers: [
      attacker('stranger', {}, false),
      attacker('other organization', await keyHeaders(otherOrganizationId), false, otherOrganizationId),
      attacker("other project's key", {}, false),
      attacker('limited key', await keyHeaders(organizationId, { scopes: ['projects:read', 'projects:write'] }), true),
      attacker('stale session', await memberHeaders(organizationId, 'owner', { isStale: true }), true),
    ],
    stop: vercel.stop,
  };
}

/** Things of an organization that no phase ends, by the names of parameters. */
async function shareThings(rekey: Rekey, owner: Headers, organizationId: string): Promise<Ids> {
  const at = `/api/v1/organizations/${organizationId}`;
  const ask = (path: string, body: object) => must(rekey, owner, 'POST', at + path, body);
  const { api_key: key } = await ask('/api-keys', { name: 'victim', scopes: ['projects:read'] });
  const { webhook_endpoint: endpoint } = await ask('/webhook-endpoints', { url: 'https://hooks.example.com/' });
  const { delivery } = await ask(`/webhook-endpoints/${endpoint.id}/test`, {});
  const { invitation } = await ask('/invitations', { email: 'victim@example.com', role: 'viewer' });
  return { organizationId, keyId: key.id, endpointId: endpoint.id, deliveryId: delivery.id, invitationId: invitation.id, provider: 'vercel' };
}

async function startFakeVercelFor(rekey: Rekey, owner: Headers, projectId: string) {
  const vercel = await startFakeVercel(Number(new URL(process.env.REKEY_VERCEL_API_URL ?? '').port));
  const { externalId, accountId } = vercel.addPlace('shop');
  await must(rekey, owner, 'POST', `/api/v1/projects/${projectId}/integrations/vercel/connect`, {
    token: vercel.token,
    vercel_project_id: externalId,
    team_id: accountId,
  });
  await rekey.settle();
  return { held: () => vercel.held(externalId, 'production'), stop: () => vercel.stop() };
}

/** Gives the victims' logins the facts again that an attack has changed. */
export async function restoreFacts({ rekey, owner, victims }: Stage, theatre: Theatre): Promise<void> {
  for (const { projectId, channel, facts, roleName } of theatre.victims(victims)) {
    const at = `/api/v1/projects/${projectId}`;
    const { connections } = (await rekey.send(owner, 'GET', `${at}/connections`)).body;
    const [relay, pooler] = [theatre.relays[channel], theatre.relays.pooler];
    if (!connections || !relay) continue;
    const password = decodeURIComponent(new URL(connections.direct_url).password);
    await rekey.send(owner, 'PATCH', at, {
      connection_url: theatre.url(relay, roleName, password),
      pooled_connection_url: channel === 'pooled' && pooler ? theatre.url(pooler, roleName, password) : null,
      rotator_url: null,
      ...facts,
    });
  }
  await rekey.settle();
}

/**
 * Projects, sites and logins that a phase may change and end: the prey, and what each attacker has of its own. Answers
 * which of them could not be proven: then an earlier phase has left something behind.
 */
export async function setOut(stage: Stage, theatre: Theatre, channel: Channel, phase: string): Promise<string[]> {
  const { rekey, owner, organizationId } = stage;
  const relay = theatre.relays[channel];
  if (!relay) throw new Error(`there is no address ${channel}`);
  const failures: string[] = [];
  const adoptNew = async (headers: Headers, user: string, password?: string): Promise<string> => {
    await theatre.createLogin(user, password);
    const body = { name: user, connection_url: theatre.url(relay, user, password), ...factsOf(theatre, channel) };
    const { project } = await must(rekey, headers, 'POST', '/api/v1/projects', body);
    await untilReady(rekey, headers, project.id, 10_000).catch((error: Error) => failures.push(`${user} by ${channel}: ${error.message}`));
    return project.id;
  };
  for (const attacker of stage.attackers) {
    if (attacker.name === 'stranger') continue;
    const user = `mallory_${phase}_${stage.attackers.indexOf(attacker)}`;
    const theirs = attacker.organizationId === organizationId ? owner : attacker.headers;
    const projectId = await adoptNew(theirs, user);
    attacker.own = { projectId, user };
    if (attacker.name === "other project's key") attacker.headers = await rekey.callApi.keyHeaders(organizationId, { projectId });
  }
  const prey = `prey_${phase}`;
  const typed = `kept-for-${prey}-${crypto.randomUUID()}`;
  stage.typed.push({ of: `${theatre.engine} ${prey}`, password: typed });
  const projectId = await adoptNew(owner, prey, typed);
  const things = await shareThings(rekey, owner, organizationId).catch(() => stage.preyIds[theatre.engine]);
  stage.preyIds[theatre.engine] = { ...things, projectId };
  return failures;
}
