// `npm run bench`: a rotation by Rekey, from the POST to its completion, and its deliveries, each against a bare loop in the same run; and the audit log.
import { parseArgs } from 'node:util';
import pg from 'pg';
import type { Login } from '#lib/engines/engine.ts';
import { percentile } from './percentile.ts';
import { startRig } from './rig.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '100' },
    roles: { type: 'string', default: '200' },
    endpoints: { type: 'string', default: '1000' },
    records: { type: 'string', default: '1000000' },
    version: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const AT_ONCE = 8;
const WARM_UP = 10;

const rig = await startRig();
// After the rig: these read the environment that it sets.
const { startTarget, targetVersions } = await import('#scripts/servers/test-target.ts');
const { adopt } = await import('#scripts/testing/adopt.ts');
const { keyHeaders } = await import('#scripts/testing/call-api.ts');
const { createClient } = await import('./client.ts');
const { benchAuditPages } = await import('./audit-log.ts');
const { benchDeliveries } = await import('./deliveries.ts');
const { benchMariadb } = await import('./mariadb.ts');
const { changeAndLogIn, changeAndProve, loopThroughput, timeLogin } = await import('./bare-loop.ts');
const { db } = await import('#lib/kernel/db.ts');

const version = targetVersions.find((known) => known === values.version) ?? '18';
const server = await startTarget({ version });
const failures: string[] = [];

function printRatio(what: string, value: number, floor: number, verdict: string): void {
  console.log(`${what.padEnd(46)} ${value.toFixed(1).padStart(8)} ${floor.toFixed(1).padStart(8)} ${(value / floor).toFixed(2).padStart(6)}  ${verdict}`);
}

function report(what: string, ours: number, floor: number, limit: number, atMost: boolean): void {
  const ratio = ours / floor;
  const isMet = atMost ? ratio <= limit : ratio >= limit;
  if (!isMet) failures.push(what);
  printRatio(what, ours, floor, `${atMost ? 'at most' : 'at least'} ${limit} ${isMet ? 'met' : 'NOT MET'}`);
}

/** What the proofs alone cost, with nothing around them: no limit of ours can lie below. */
const reportProofs = (what: string, proofs: number, floor: number): void => printRatio(what, proofs, floor, 'no Rekey');

try {
  const login = await server.createLogin('app');
  await server.createLogin('floor');
  let bareLogin = await server.createLogin('proven');
  const adopted = await adopt({ target: server.target, login, rotator: server.superuser });
  const { authorization } = await keyHeaders(adopted.context.organizationId);
  const client = createClient(rig.baseUrl, authorization);
  const admin = new pg.Client({ connectionString: server.superuserUrl });
  await admin.connect();

  const floor: number[] = [];
  const proofs: number[] = [];
  const whole: number[] = [];
  const wrong: number[] = [];
  const logins: number[] = [];
  for (let i = 0; i < rounds + WARM_UP; i++) {
    const bare = await changeAndLogIn(admin, server, 'floor');
    const { ms, now } = await changeAndProve(server, bareLogin);
    bareLogin = now;
    const loginMs = await timeLogin(server, server.superuser);
    const started = Date.now();
    const { id } = await client.rotate(adopted.projectId);
    const job = await client.untilCompleted(id);
    const promoted = job.rotation?.steps.find((step) => step.kind === 'promoted');
    if (i < WARM_UP) continue;
    floor.push(bare);
    proofs.push(ms);
    logins.push(loginMs);
    whole.push(Date.parse(job.completed_at ?? '') - started);
    wrong.push(promoted?.duration_ms ?? Number.NaN);
  }
  await admin.end();

  const users = Array.from({ length: Number(values.roles) }, (_, i) => `role_${i}`);
  const createLogins = async (prefix: string) => {
    const logins: Login[] = [];
    for (const user of users) logins.push(await server.createLogin(`${prefix}_${user}`));
    return logins;
  };
  const [floorLogins, bareLogins] = [await createLogins('floor'), await createLogins('proven')];
  const projects: string[] = [];
  for (const user of users) {
    const role = await server.createLogin(user);
    projects.push((await adopt({ target: server.target, login: role, rotator: server.superuser, organizationId: adopted.context.organizationId })).projectId);
  }
  const loopRate = await loopThroughput(server, floorLogins, AT_ONCE, (by, { user }) => changeAndLogIn(by, server, user));
  const started = performance.now();
  const jobs = await Promise.all(projects.map((id) => client.rotate(id)));
  // One asks after the other: 200 askers would take the processor from what is measured.
  for (const { id } of jobs) await client.untilCompleted(id);
  const rate = (users.length / (performance.now() - started)) * 1000;

  const proofRate = await loopThroughput(server, bareLogins, AT_ONCE, (_, one) => changeAndProve(server, one));

  console.log(`PostgreSQL ${version}, ${rounds} rounds, rotator, direct`);
  console.log(`${''.padEnd(46)} ${'Rekey'.padStart(8)} ${'floor'.padStart(8)} ${'ratio'.padStart(6)}`);
  report('POST to completed, ms, p50', percentile(whole, 0.5), percentile(floor, 0.5), 2, true);
  report('POST to completed, ms, p95', percentile(whole, 0.95), percentile(floor, 0.95), 3, true);
  reportProofs('the same logins bare, ms, p50', percentile(proofs, 0.5), percentile(floor, 0.5));
  reportProofs('the same logins bare, ms, p95', percentile(proofs, 0.95), percentile(floor, 0.95));
  report('stored URL wrong, ms, p95 (floor: one login)', percentile(wrong, 0.95), percentile(logins, 0.95), 2, true);
  report(`${users.length} roles at once, a second`, rate, loopRate, 0.5, false);
  reportProofs('the same logins bare, a second', proofRate, loopRate);
  const mariadb = await benchMariadb(client, adopted.context.organizationId, rounds, WARM_UP);
  report('MariaDB, development reset, ms, p50', percentile(mariadb.ours, 0.5), percentile(mariadb.bare, 0.5), 3, true);
  reportProofs('what it proves, bare, ms, p50', percentile(mariadb.proofs, 0.5), percentile(mariadb.bare, 0.5));
  const { ours, bare } = await benchDeliveries({ count: Number(values.endpoints), rounds: 10 });
  report(`an event to ${values.endpoints} webhook endpoints, a second`, ours, bare, 0.5, false);
  for (const [name, { first, far }] of Object.entries(await benchAuditPages(Number(values.records))))
    report(`audit log, ${name}: page 1,000, ms (floor: page 1)`, far, first, 1.5, true);
} finally {
  await db.$disconnect();
  await server.stop();
  await rig.stop();
}
if (failures.length > 0) console.log(`Not met: ${failures.join('; ')}`);
