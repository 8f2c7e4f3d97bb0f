// One phase after the other: each way to ask for a password, each placement of the rogue server, each attacker, each route.
import pLimit from 'p-limit';
import { aimAt, type Placement } from './aim.ts';
import { type Dial, isMadeOf, revealsNothingReusable } from './recording.ts';
import type { Operation, StoredPassword } from './rekey.ts';
import { nameOf, ROUTES } from './routes.ts';
import { type Attacker, type Ids, must, restoreFacts, type Stage, setOut, untilReady, type Victim } from './stage.ts';
import { CHANNELS, type Channel, type Theatre, typedPassword } from './theatre.ts';

export interface Phase {
  theatre: Theatre;
  method: string;
  placement: Placement;
}

/** Something that may not be. */
export interface Finding {
  kind: 'credential' | 'answer' | 'told' | 'facts' | 'rotation';
  /** Who did what. */
  where: string;
  what: string;
}

export interface Outcome {
  engine: string;
  method: string;
  placement: Placement;
  requests: number;
  /** Connections to a rogue server. */
  dials: number;
  /** Of them, with a login of somebody else's. */
  credentials: number;
  /** Without TLS, as a person has agreed to: nothing reusable was shown. */
  harmless: number;
  findings: Finding[];
}

export interface Options {
  /** One address and no second try without TLS: for `npm test`. */
  isSmall: boolean;
}

const CONCURRENT = 4;

/** Plays a phase and tells what came of it. */
export async function play(stage: Stage, { theatre, method, placement }: Phase, { isSmall }: Options): Promise<Outcome> {
  const { rekey, eavesdropper } = stage;
  const { rogue } = theatre;
  const findings: Finding[] = [];
  const before = await readFacts(stage, theatre);
  const channels = CHANNELS.filter((channel) => theatre.victims(stage.victims, channel).length > 0);
  const number = phaseNumber++;
  const ownChannel = isSmall ? 'prefer' : (channels[number % channels.length] as Channel);
  const failures = await setOut(stage, theatre, ownChannel, String(number));
  findings.push(...failures.map((what) => ({ kind: 'facts' as const, where: `before ${method}, ${placement}`, what })));
  Object.assign(rogue.options, { method, offersTls: true, refusesOthers: placement === 'direct' });
  rogue.dials.length = 0;
  eavesdropper.heard.length = 0;
  const answers: { where: string; text: string }[] = [];
  for (const offersTls of placement === 'redirected' && !isSmall ? [true, false] : [true]) {
    rogue.options.offersTls = offersTls;
    for (const attacker of stage.attackers) {
      if (placement === 'redirected') {
        await redirectAll(theatre, `${attacker.name}, with ${offersTls ? 'a certificate of its own' : 'no TLS'}`);
        // What the rogue server has shown may then be asked to be trusted.
        if (!isSmall || attacker === stage.attackers[0]) await checkAll(stage, theatre);
      }
      await rekey.sql('DELETE FROM rate_limits');
      answers.push(...(await attackAll(stage, { theatre, placement, attacker, ownChannel, isSmall })));
      if (placement === 'redirected' && !isSmall) await checkAll(stage, theatre);
    }
  }
  await checkAll(stage, theatre);
  for (const channel of Object.keys(theatre.relays)) theatre.restore(channel);
  for (const attacker of stage.attackers) answers.push(...(await readAll(stage, theatre, attacker)));

  const guarded = await guardedPasswords(stage, theatre);
  const dials = [...rogue.dials];
  const judged = judge(dials, guarded);
  findings.push(...judged.findings);
  for (const { where, text } of answers) findings.push(...found('answer', where, text, guarded));
  for (const text of eavesdropper.heard) findings.push(...found('told', 'a receiver of the attacker', text, guarded));
  rogue.closeAll();
  await clearAway(stage);
  const changed = await compareFacts(stage, theatre, before);
  findings.push(...changed);
  if (changed.length > 0) await restoreFacts(stage, theatre);
  const { credentials, harmless } = judged;
  return { engine: theatre.engine, method, placement, requests: answers.length, dials: dials.length, credentials, harmless, findings: distinct(findings) };
}
let phaseNumber = 0;

interface Turn {
  theatre: Theatre;
  placement: Placement;
  attacker: Attacker;
  ownChannel: Channel;
  isSmall: boolean;
}

/** Has the owner check every connection, and waits for all jobs. */
async function checkAll({ rekey, owner, victims }: Stage, theatre: Theatre): Promise<void> {
  for (const { projectId } of theatre.victims(victims)) await rekey.send(owner, 'POST', `/api/v1/projects/${projectId}/verify`);
  await rekey.settle();
}

async function redirectAll({ relays, rogue }: Theatre, who: string): Promise<void> {
  for (const [channel, relay] of Object.entries(relays)) relay.redirect(await rogue.listen(`redirected: ${channel} | ${who}`));
}

/** Every route that changes something, with ids of the victims, of the prey and of the attacker's own. */
async function attackAll(stage: Stage, turn: Turn): Promise<{ where: string; text: string }[]> {
  const limit = pLimit(CONCURRENT);
  const mutations = stage.rekey.operations.filter(({ method }) => method !== 'GET');
  const attack = async (isEnding: boolean) => {
    const routes = mutations.filter(({ method }) => (method === 'DELETE') === isEnding);
    return (await Promise.all(routes.map((operation) => limit(() => attackRoute(stage, turn, operation))))).flat();
  };
  const answers = await attack(false);
  // What was changed is tried by its jobs before it is ended: else a new address would never be dialed.
  if (turn.attacker.own.projectId) await stage.rekey.settle();
  return [...answers, ...(await attack(true))];
}

/** What a route's ids may be. What an attacker may rightly change is prey; the victims' is only asked to be changed by those who may not. */
function candidates(stage: Stage, { theatre, attacker }: Turn, { method }: Operation): Ids[] {
  const [victim, prey] = [stage.victimIds[theatre.engine], stage.preyIds[theatre.engine]];
  const own = { provider: 'vercel', ...attacker.own, organizationId: attacker.organizationId };
  const isEnding = method !== 'POST';
  const theirs = !attacker.mayChange ? [victim, prey] : isEnding ? [prey] : [victim, prey];
  return attacker.own.projectId ? [...theirs, own] : theirs;
}

const pathOf = (path: string, ids: Ids): string => path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(ids[name] ?? 'none_0'));

async function attackRoute(stage: Stage, turn: Turn, operation: Operation): Promise<{ where: string; text: string }[]> {
  const { theatre, attacker, placement } = turn;
  const route = nameOf(operation);
  const bodies = ROUTES[route];
  if (!bodies) throw new Error(`${route} is not listed`);
  const where = `${attacker.name} | ${route}`;
  const takesLogin = operation.fields.some((field) => /(^|\.)connection_url$/.test(field));
  const rogue = takesLogin ? await theatre.rogue.listen(where) : { label: where, host: '127.0.0.1', port: 1, close: () => {} };
  const roles = theatre.victims(stage.victims).map(({ roleName }) => roleName);
  const aim = aimAt({ ...turn, rogue, roles: placement === 'direct' ? roles.slice(0, turn.isSmall ? 1 : 3) : [] });
  // A field that this checkout does not know would have the whole body refused.
  const isKnown = (body: object) => Object.keys(body).every((name) => operation.fields.some((field) => field.split('.')[0] === name));
  const seen = new Set<string>();
  const answers: { where: string; text: string }[] = [];
  for (const ids of candidates(stage, turn, operation)) {
    const path = pathOf(operation.path, ids);
    if (seen.has(path)) continue;
    seen.add(path);
    const unique = `mallory ${crypto.randomUUID().slice(0, 8)}`;
    for (const body of bodies({ ...aim, unique, receiver: stage.eavesdropper.url, fingerprints: theatre.rogue.fingerprints }).filter(isKnown)) {
      const { status, text } = await stage.rekey.send(attacker.headers, operation.method, path, Object.keys(body).length > 0 ? body : undefined);
      answers.push({ where: `${where} (${status})`, text });
    }
  }
  return answers;
}

/** Whatever may be read, once: what a route shows is looked through for passwords. */
async function readAll({ rekey, victimIds }: Stage, theatre: Theatre, attacker: Attacker): Promise<{ where: string; text: string }[]> {
  const limit = pLimit(CONCURRENT);
  const victim = victimIds[theatre.engine];
  const own = { ...attacker.own, organizationId: attacker.organizationId };
  const reads = rekey.operations.filter(({ method, path }) => method === 'GET' && !path.endsWith('/live'));
  const tries = reads.flatMap((operation) =>
    [...new Set([victim, own].map((ids) => pathOf(operation.path, ids)))].map((path) =>
      limit(async () => ({ where: `${attacker.name} | ${nameOf(operation)}`, text: (await rekey.send(attacker.headers, 'GET', path)).text })),
    ),
  );
  return Promise.all(tries);
}

/** Passwords that no attacker may get: what was typed for victims and what they have become. */
async function guardedPasswords(stage: Stage, theatre: Theatre): Promise<StoredPassword[]> {
  const projects = [...theatre.victims(stage.victims).map(({ projectId }) => projectId), stage.preyIds[theatre.engine].projectId ?? ''];
  const stored = await stage.rekey.storedPasswords(projects);
  // What an attacker typed for a login of its own is not a secret from it.
  const isTyped = ({ of, password }: StoredPassword) => password === typedPassword(of.replace(/ v\d+$/, ''));
  return [...stage.typed, ...stored.filter((one) => !isTyped(one))];
}

/** Whose password each recorded thing was made of. */
function judge(dials: readonly Dial[], guarded: readonly StoredPassword[]) {
  const findings: Finding[] = [];
  let [credentials, harmless] = [0, 0];
  for (const { label, isSecure, sent, user } of dials) {
    for (const one of sent) {
      const whose = guarded.find(({ password }) => isMadeOf(one, password));
      if (!whose) continue;
      const wasAgreedTo = !isSecure && /^redirected: (disable|pooler)/.test(label);
      if (wasAgreedTo && revealsNothingReusable(one)) {
        harmless += 1;
        continue;
      }
      credentials += 1;
      const how = one.method === 'scram' ? `scram i=${one.iterations}` : one.method;
      findings.push({ kind: 'credential', where: label, what: `${whose.of} as ${how}, ${isSecure ? 'TLS of the rogue server' : 'no TLS'}, login ${user}` });
    }
  }
  return { findings, credentials, harmless };
}

const found = (kind: Finding['kind'], where: string, text: string, guarded: readonly StoredPassword[]): Finding[] =>
  guarded.flatMap(({ of, password }) =>
    text.includes(password) || text.includes(encodeURIComponent(password)) ? [{ kind, where, what: `the password of ${of}` }] : [],
  );

function distinct(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((one) => [`${one.kind} ${one.where} ${one.what}`, one])).values()];
}

type Facts = Record<string, Record<string, unknown>>;

/** What Rekey tells of the victims' connections: all but the password. */
async function readFacts({ rekey, owner, victims }: Stage, theatre: Theatre): Promise<Facts> {
  const facts: Facts = {};
  for (const { projectId, roleName } of theatre.victims(victims)) {
    const { status, body } = await rekey.send(owner, 'GET', `/api/v1/projects/${projectId}/connections`);
    const { rotated_at: _, ...shown } = body.connections ?? { status };
    const withoutPassword = (url: unknown) => (typeof url === 'string' ? url.replace(/:[^:@/]*@/, ':…@') : undefined);
    const { project } = (await rekey.send(owner, 'GET', `/api/v1/projects/${projectId}`)).body;
    facts[roleName] = {
      ...shown,
      direct_url: withoutPassword(shown.direct_url),
      pooled_url: withoutPassword(shown.pooled_url),
      rotator: project?.rotator_name,
    };
  }
  return facts;
}

async function compareFacts(stage: Stage, theatre: Theatre, before: Facts): Promise<Finding[]> {
  const after = await readFacts(stage, theatre);
  const findings: Finding[] = Object.entries(before).flatMap(([roleName, facts]) =>
    Object.keys({ ...facts, ...after[roleName] }).flatMap((name) => {
      const [was, is] = [facts[name], after[roleName]?.[name]].map((value) => JSON.stringify(value));
      return was === is ? [] : [{ kind: 'facts' as const, where: roleName, what: `${name} was ${was}, is ${is}` }];
    }),
  );
  const held = JSON.stringify(stage.heldByVercel());
  const rogueHost = /:(\d+)\//g;
  const ports = Object.values(theatre.relays).map(({ port }) => String(port));
  const strange = theatre.engine === 'postgresql' ? [...held.matchAll(rogueHost)].filter(([, port]) => !ports.includes(port ?? '')) : [];
  return [...findings, ...strange.map(([address]) => ({ kind: 'facts' as const, where: 'the variables at Vercel', what: `hold ${address}` }))];
}

/** Has the owner forget what the attackers made. */
async function clearAway({ rekey, owner, attackers, victims, victimIds, eavesdropper }: Stage): Promise<void> {
  const kept = new Set(victims.map(({ projectId }) => projectId));
  const sites = new Set(Object.values(victimIds).map(({ siteId }) => siteId));
  const environments = new Set(Object.values(victimIds).map(({ environmentId }) => environmentId));
  const others = attackers.filter(({ name }) => name === 'other organization').map(({ headers }) => headers);
  for (const headers of [owner, ...others]) {
    const list = async (path: string): Promise<{ id: string }[]> => (await rekey.send(headers, 'GET', `/api/v1/vector${path}?per_page=100`)).body.data ?? [];
    const forget = (paths: string[]) => Promise.all(paths.map((path) => rekey.send(headers, 'DELETE', `/api/v1${path}`)));
    for (let made = await list('/environments'); ; made = await list('/environments')) {
      const gone = await forget(made.filter(({ id }) => !environments.has(id)).map(({ id }) => `/vector/environments/${id}`));
      if (!gone.some(({ status }) => status < 300)) break;
    }
    for (let made = await list('/sites'); ; made = await list('/sites')) {
      const gone = await forget(made.filter(({ id }) => !sites.has(id)).map(({ id }) => `/vector/sites/${id}`));
      if (!gone.some(({ status }) => status < 300)) break;
    }
    const { projects = [] } = (await rekey.send(headers, 'GET', '/api/v1/projects')).body;
    await forget((projects as { id: string }[]).filter(({ id }) => !kept.has(id)).map(({ id }) => `/projects/${id}`));
  }
  for (const { environmentId } of Object.values(victimIds))
    await rekey.send(owner, 'PUT', `/api/v1/vector/environments/${environmentId}`, { deploy_hook_url: null });
  eavesdropper.heard.length = 0;
}

/** Whether the victims' passwords can still be changed. */
export async function rotateVictims({ rekey, owner, victims }: Stage, theatre: Theatre): Promise<Finding[]> {
  const rotate = async ({ projectId, roleName }: Victim): Promise<Finding[]> => {
    try {
      await must(rekey, owner, 'POST', `/api/v1/projects/${projectId}/verify`).catch(() => undefined);
      await rekey.settle();
      const { job } = await must(rekey, owner, 'POST', `/api/v1/projects/${projectId}/credentials/rotate`, { reason: 'routine' });
      await rekey.settle();
      const { state, error } = (await must(rekey, owner, 'GET', `/api/v1/jobs/${job.id}`)).job;
      if (state !== 'completed') throw new Error(`${state}: ${error}`);
      await untilReady(rekey, owner, projectId);
      return [];
    } catch (error) {
      return [{ kind: 'rotation', where: `${theatre.engine} ${roleName}`, what: (error as Error).message }];
    }
  };
  return (await Promise.all(theatre.victims(victims).map(rotate))).flat();
}
