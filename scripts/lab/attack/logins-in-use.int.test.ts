// Attacks around a login that Rekey is working on: while it rotates, after its password got hours of grace, and while its server is shared.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { PATCH } from '#app/api/v1/projects/[projectId]/route.ts';
import { POST } from '#app/api/v1/projects/route.ts';
import { requestVerification } from '#lib/checks/request-verification.ts';
import { verifyConnection } from '#lib/checks/verify-connection.ts';
import { runDeparture } from '#lib/departures/run-departure.ts';
import type { Login } from '#lib/engines/engine.ts';
import { postgres } from '#lib/engines/postgres.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { viewConnections } from '#lib/logins/view-connections.ts';
import { removeMember } from '#lib/members/members.ts';
import { retireDue } from '#lib/rotation/request/request-retirement.ts';
import { type MariadbTarget, startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import type { Adopted } from '#scripts/testing/adopt.ts';
import { type Answer, call, keyHeaders, makeOrganization, memberHeaders } from '#scripts/testing/call-api.ts';
import { attemptAll, request, rotate, storedLogin } from '#scripts/testing/drive-rotation.ts';
import { makeCertificate } from '#scripts/testing/make-certificate.ts';
import { isMadeOf, revealsNothingReusable } from './recording.ts';
import { type Relay, startRelay } from './relay.ts';
import { type MysqlMethod, startRogueMysql } from './rogue-mysql.ts';
import { type PostgresMethod, startRoguePostgres } from './rogue-postgres.ts';
import type { RogueListener, RogueServer } from './rogue-server.ts';

/** What happens when a rotation comes to a point; the attacks begin there. */
const at = vi.hoisted(() => {
  process.env.REKEY_BACKOFF_MS = '1';
  return new Map<string, () => Promise<unknown>>();
});
vi.mock('#lib/kernel/failpoint.ts', async (original) => ({
  ...(await original<typeof import('#lib/kernel/failpoint.ts')>()),
  failpoint: (name: string) => at.get(name)?.(),
}));

const host = '127.0.0.1';
const certificate = makeCertificate('db.example.com');
let server: TestTarget;
let rogue: RogueServer<PostgresMethod>;
let listener: RogueListener;
let relay: Relay;
let organizationId: string;
let headers: Record<string, string>;
let count = 0;

beforeAll(async () => {
  server = await startTarget({ certificate });
  rogue = startRoguePostgres({
    host,
    // Answered wherever a password is sent at all.
    method: 'scram i=4096',
    offersTls: true,
    typedPassword: () => null,
    refusesOthers: false,
    trueServer: { host, port: server.target.direct.port, user: 'nobody' },
  });
  listener = await rogue.listen('in use');
  relay = await startRelay(host, server.target.direct);
});
afterAll(async () => {
  relay.close();
  rogue.closeAll();
  await server.stop();
});
beforeEach(async () => {
  organizationId = await makeOrganization();
  headers = await keyHeaders(organizationId);
});
afterEach(() => {
  at.clear();
  rogue.dials.length = 0;
  relay.redirect(server.target.direct);
});

const newLogin = () => server.createLogin(`in_use_${++count}`);
const madeUp = (login: Login): Login => ({ ...login, password: { reveal: () => 'made up by mallory' } as never });
const urlAt = ({ port }: { port: number }, login: Login): string => server.urlOf(login).replace(/:\d+\//, `:${port}/`);

const create = (connection_url: string, more: object = {}) => call(POST, { method: 'POST', headers, body: { name: newId('prj'), connection_url, ...more } });
const change = (projectId: string, body: object, as = headers) => call(PATCH, { method: 'PATCH', headers: as, params: { projectId }, body });

/** Runs the check that an accepted request has started, as a worker would. */
async function check({ status, body }: Answer): Promise<void> {
  if (status < 300) await verifyConnection(body.job?.id ?? body.project.latest_job_id, 'test');
}

async function adoptUrl(url: string, more: object = {}): Promise<Adopted> {
  const answer = await create(url, more);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  await check(answer);
  const { id: projectId } = answer.body.project;
  const { databaseId } = await db.project.findUniqueOrThrow({ where: { id: projectId } });
  const context: Context = { organizationId, actor: { kind: 'system', id: null, name: 'test' }, origin: {} };
  return { context, projectId, databaseId };
}

/** Where a login's password is sent, and what guards it. */
async function factsOf({ databaseId }: Adopted) {
  const {
    host: to,
    directPort,
    sslMode,
    caPem,
    pooledHost,
    pooledPort,
    placeVersion,
    server: row,
  } = await db.database.findUniqueOrThrow({
    where: { id: databaseId },
    include: { server: true },
  });
  return { to, directPort, sslMode, caPem, pooledHost, pooledPort, placeVersion, rotator: row.rotatorName };
}

const isAccepted = async (login: Login) => (await postgres.probe(server.target, 'direct', login)).verdict === 'accepted';
/** What the rogue server was sent that was made of one of these passwords. */
const heard = (...passwords: Login[]) =>
  rogue.dials.flatMap(({ sent }) => sent).filter((one) => passwords.some(({ password }) => isMadeOf(one, password.reveal())));

describe('a login that is being rotated', () => {
  it.each(['stage.committed', 'apply.announced', 'apply.changed', 'promote.committed'])('keeps its place and its password, attacked at %s', async (point) => {
    const login = await newLogin();
    const victim = await adoptUrl(server.urlOf(login));
    const eve = await newLogin();
    const own = await adoptUrl(server.urlOf(eve));
    const limited = await keyHeaders(organizationId, { projectId: own.projectId });
    const before = await factsOf(victim);
    const pooled_connection_url = urlAt(listener, login);
    const statuses: number[] = [];
    at.set(point, async () => {
      at.clear();
      for (const attack of [
        () => create(server.urlOf(madeUp(login)), { pooled_connection_url: urlAt(listener, madeUp(login)), ssl_mode: 'disable' }),
        () => create(server.urlOf(madeUp(login)), { rotator_url: server.urlOf(madeUp(eve)), ca_pem: rogue.certPem }),
        // With the password that is on its way out, as somebody who once had it.
        () => create(server.urlOf(login), { pooled_connection_url, ssl_mode: 'disable' }),
        () => create(urlAt(listener, login), { ssl_mode: 'require' }),
        () => change(own.projectId, { connection_url: server.urlOf(madeUp(login)), pooled_connection_url: urlAt(listener, madeUp(login)) }, limited),
        () => change(own.projectId, { connection_url: server.urlOf(eve), pooled_connection_url: urlAt(listener, eve) }),
        () => change(victim.projectId, { pooled_connection_url }, limited),
        () => change(victim.projectId, { pooled_connection_url: urlAt(listener, madeUp(login)) }),
      ]) {
        const answer = await attack();
        statuses.push(answer.status);
        await check(answer);
      }
    });
    expect(await attemptAll(await request(victim))).toMatchObject({ state: 'completed' });
    expect(statuses).toHaveLength(8);
    expect(await factsOf(victim)).toEqual(before);
    const next = await storedLogin(victim);
    expect([await isAccepted(login), await isAccepted(next)]).toEqual([false, true]);
    expect(heard(next)).toEqual([]);
    // The attacker's own pooler was dialed: with the attacker's own login.
    expect(rogue.dials.some(({ user }) => user === eve.user)).toBe(true);
  });
});

describe('a member who left', () => {
  it.each(['moved to', 'redirected to'])('gets no password when a login to be rotated is %s a rogue address meanwhile', async (how) => {
    const login = await newLogin();
    const victim = await adoptUrl(urlAt(relay, login), { ssl_mode: 'require' });
    const userId = newId('usr');
    await memberHeaders(organizationId, 'admin', { userId });
    const person = (id: string): Context => ({
      organizationId,
      origin: {},
      actor: { kind: 'user', id, name: id, role: 'owner', projectIds: null, sessionId: 'ses', authenticatedAt: new Date(), isFresh: true },
    });
    const ownerId = newId('usr');
    await memberHeaders(organizationId, 'owner', { userId: ownerId });
    await viewConnections(person(userId), victim.projectId);
    const departure = await removeMember(person(ownerId), userId, { rotateSeen: true });
    if (how === 'redirected to') relay.redirect(listener);
    else await check(await change(victim.projectId, { connection_url: urlAt(listener, madeUp(login)), ssl_mode: 'disable' }));
    await runDeparture(departure?.id ?? '', 'wrk_test');
    const rotations = await db.rotation.findMany({ where: { databaseId: victim.databaseId }, include: { toCredential: true } });
    for (const { id } of rotations) await attemptAll(id);
    expect(rogue.dials.length).toBeGreaterThan(0);
    expect(heard(login)).toEqual([]);
    expect(await isAccepted(login)).toBe(true);
  });
});

describe('a password with hours of grace', () => {
  let mariadb: MariadbTarget;
  let impostor: RogueServer<MysqlMethod>;
  let place: Relay;
  let fake: RogueListener;
  beforeAll(async () => {
    mariadb = await startMariadbTarget();
    await mariadb.createLogin('eve');
    await mariadb.sql("SET PASSWORD FOR 'eve'@'%' = ''");
    const trueServer = { host, port: mariadb.target.direct.port, user: 'eve' };
    impostor = startRogueMysql({ host, method: 'native, as MariaDB', offersTls: false, typedPassword: () => null, refusesOthers: false, trueServer });
    fake = await impostor.listen('grace');
    place = await startRelay(host, mariadb.target.direct);
  });
  afterAll(async () => {
    place.close();
    impostor.closeAll();
    await mariadb.stop();
  });

  it('ends at the server that proves itself alone: an impostor hears no hash, and no other address the password', async () => {
    const login = await mariadb.createLogin(`graced_${++count}`);
    const at = (to: { port: number }, as: Login) => mariadb.urlOf(as).replace(/:\d+\//, `:${to.port}/`);
    const victim = await adoptUrl(at(place, login), { ssl_mode: 'disable', rotator_url: at(place, await mariadb.createRotator(`rotator_${count}`)) });
    expect(await rotate(victim, { grace_hours: 1 })).toMatchObject({ state: 'completed', keeps: [1] });
    const current = await storedLogin(victim);

    expect(await change(victim.projectId, { connection_url: at(fake, madeUp(login)) })).toMatchObject({ status: 409, body: { code: 'conflict' } });
    await db.credential.updateMany({ where: { databaseId: victim.databaseId, state: 'retiring' }, data: { retireAt: new Date(0) } });
    place.redirect(fake);
    expect(await retireDue(victim.databaseId)).not.toBeNull();
    const { id } = await db.rotation.findFirstOrThrow({ where: { databaseId: victim.databaseId, kind: 'retire' } });
    expect((await attemptAll(id)).state).not.toBe('completed');
    expect(impostor.dials.length).toBeGreaterThan(0);
    const sent = impostor.dials.flatMap((dial) => dial.sent).filter((one) => [login, current].some(({ password }) => isMadeOf(one, password.reveal())));
    expect(sent.filter((one) => !revealsNothingReusable(one))).toEqual([]);
  });
});

describe('a CA that the attacker gives', () => {
  it('counts for the login it was given with alone, though others use the server', async () => {
    const login = await newLogin();
    const victim = await adoptUrl(urlAt(relay, login), { ssl_mode: 'verify-ca', ca_pem: certificate.certPem });
    const before = await factsOf(victim);
    const eve = await newLogin();
    const own = await adoptUrl(urlAt(relay, eve), { ssl_mode: 'verify-ca', ca_pem: certificate.certPem });
    expect((await db.database.findUniqueOrThrow({ where: { id: own.databaseId } })).serverId).toBe(
      (await db.database.findUniqueOrThrow({ where: { id: victim.databaseId } })).serverId,
    );
    const both = `${certificate.certPem}${rogue.certPem}`;
    for (const body of [{ ca_pem: rogue.certPem }, { ca_pem: both }, { connection_url: urlAt(relay, eve), ssl_mode: 'verify-ca', ca_pem: both }]) {
      await check(await change(own.projectId, body));
      expect(await factsOf(victim)).toEqual(before);
    }
    for (const more of [{ ca_pem: rogue.certPem }, { ca_pem: both, ssl_mode: 'verify-ca' }]) await check(await create(urlAt(relay, madeUp(login)), more));

    relay.redirect(listener);
    // The attacker's own login goes there: what counts for one says that the CA was taken at all.
    const checks = [own, victim].map(async ({ context, projectId }) => verifyConnection((await requestVerification(context, projectId)).jobId, 'test'));
    await Promise.all(checks);
    expect(heard(eve)).not.toEqual([]);
    expect(heard(login)).toEqual([]);
    expect(await factsOf(victim)).toEqual(before);
  });
});
