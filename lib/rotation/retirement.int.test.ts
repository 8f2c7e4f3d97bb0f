// An old password that lives on beside the new one: until a deployment, for some hours, and not a moment less.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generatePassword } from '#lib/crypto/password.ts';
import type { Login } from '#lib/engines/engine.ts';
import { mysql } from '#lib/engines/mysql.ts';
import { db } from '#lib/kernel/db.ts';
import { openCredential } from '#lib/logins/sealing.ts';
import { findDueWork } from '#lib/sweep/find-due-work.ts';
import { type MariadbTarget, startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { startTarget } from '#scripts/servers/test-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { attemptAll, rotate, stepKinds } from '#scripts/testing/drive-rotation.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { markRetirement, retireDue } from './request/request-retirement.ts';

let server: MariadbTarget;
let rotator: Login;
beforeAll(async () => {
  server = await startMariadbTarget();
  rotator = await server.createRotator('rotator');
});
afterAll(() => server.stop());

let count = 0;
const begin = async (): Promise<Adopted> => adopt({ engine: 'mysql', target: server.target, login: await server.createLogin(`app_${++count}`), rotator });

/** What the server says of every version, oldest first: `+` for accepted, `-` for refused; and how each is kept. */
async function standing({ databaseId }: Adopted): Promise<string> {
  const all = await db.credential.findMany({ where: { databaseId }, orderBy: { version: 'asc' } });
  const verdicts = await Promise.all(
    all.map(async (one) => {
      const probe = await mysql.probe(server.target, 'direct', { user: one.loginName, password: (await openCredential(one)).password });
      return `${probe.verdict === 'accepted' ? '+' : probe.verdict === 'refused' ? '-' : '?'}${one.state}`;
    }),
  );
  return verdicts.join(' ');
}

/** A deployment stands that carries this version. */
const stand = async ({ databaseId }: Adopted, version: number) => {
  const { id } = await db.credential.findFirstOrThrow({ where: { databaseId, version } });
  await db.$transaction((tx) => markRetirement(tx, databaseId, { except: [id] }));
};
const retire = async (adopted: Adopted, version: number) => {
  await stand(adopted, version);
  return attemptAll(await idOf((await retireDue(adopted.databaseId))?.jobId ?? null));
};

const idOf = async (jobId: string | null) => (await db.rotation.findUniqueOrThrow({ where: { jobId: jobId ?? '' } })).id;

describe('until a deployment', () => {
  it('both passwords log in, and only the new one afterwards', async () => {
    const adopted = await begin();
    const rotation = await rotate(adopted, { retirement: 'on_deploy' });
    expect(rotation).toMatchObject({ state: 'completed', keeps: [1], retirement: 'on_deploy' });
    expect(rotation.proofs).toMatchObject({
      old: { direct: { verdict: 'accepted' } },
      new: { direct: { verdict: 'accepted' } },
      wrong: { direct: { verdict: 'refused' } },
    });
    expect(stepKinds(rotation).slice(-3)).toEqual(['promoted', 'old_kept', 'completed']);
    expect(await standing(adopted)).toBe('+retiring +current');
    const { user } = { user: `app_${count}` };
    expect(await mysql.probe(server.target, 'direct', { user, password: generatePassword() })).toMatchObject({ verdict: 'refused' });

    await retireDue(adopted.databaseId);
    expect((await findDueWork('wrk_test')).retirements).toEqual([]);
    expect(await standing(adopted)).toBe('+retiring +current');

    const retirement = await retire(adopted, 2);
    expect(retirement).toMatchObject({
      state: 'completed',
      kind: 'retire',
      job: { type: 'retire_credential', state: 'completed' },
      database: { state: 'ready' },
    });
    expect(stepKinds(retirement)).toEqual(['requested', 'changed', 'direct_ok', 'old_refused', 'completed']);
    expect(await standing(adopted)).toBe('-retired +current');
    const audit = await db.auditEvent.findMany({ where: { organizationId: adopted.context.organizationId, action: 'project.credentials_retired' } });
    expect(audit.map(({ metadata }) => metadata)).toMatchObject([{ versions: [1] }]);
  });

  it('a second reset ends the version in between, and keeps the one that runs', async () => {
    const adopted = await begin();
    await rotate(adopted, { retirement: 'on_deploy' });
    await rotate(adopted, { retirement: 'on_deploy' });
    expect(await standing(adopted)).toBe('+retiring -retired +current');
    await retire(adopted, 3);
    expect(await standing(adopted)).toBe('-retired -retired +current');
    // What the deployment runs with now is the one that stays.
    await rotate(adopted, { retirement: 'on_deploy' });
    expect(await standing(adopted)).toBe('-retired -retired +retiring +current');
  });

  it('a deployment in progress keeps its password despite another reset', async () => {
    const adopted = await begin();
    await rotate(adopted, { retirement: 'on_deploy' });
    await db.credential.updateMany({ where: { databaseId: adopted.databaseId, version: 2 }, data: { heldByDeployment: true } });
    await rotate(adopted, { retirement: 'on_deploy' });
    expect(await standing(adopted)).toBe('+retiring +retiring +current');
    await retire(adopted, 2);
    expect(await standing(adopted)).toBe('-retired +retiring +current');
  });

  it('follows a rotation that is in progress when it is requested', async () => {
    const adopted = await begin();
    await rotate(adopted, { retirement: 'on_deploy' });
    await db.database.update({ where: { id: adopted.databaseId }, data: { state: 'rotating_credentials' } });
    await stand(adopted, 2);
    expect(await retireDue(adopted.databaseId)).toBeNull();
    expect((await findDueWork('wrk_test')).retirements).toEqual([]);
    await db.database.update({ where: { id: adopted.databaseId }, data: { state: 'ready' } });
    expect((await findDueWork('wrk_test')).retirements).toMatchObject([{ id: adopted.databaseId }]);
    await retireDue(adopted.databaseId);
    const { id } = await db.rotation.findFirstOrThrow({ where: { databaseId: adopted.databaseId, kind: 'retire' } });
    await attemptAll(id);
    expect(await standing(adopted)).toBe('-retired +current');
  });

  it('in an emergency all old ones end at once', async () => {
    const adopted = await begin();
    await rotate(adopted, { retirement: 'on_deploy' });
    await rotate(adopted, { reason: 'compromise' });
    expect(await standing(adopted)).toBe('-retired -retired +current');
    await rotate(adopted, { retirement: 'on_deploy' });
    await retire(adopted, 4);
    expect(await standing(adopted)).toBe('-retired -retired -retired +current');
  });
});

describe('for some hours', () => {
  it('and then it ends by itself', async () => {
    const adopted = await begin();
    await rotate(adopted, { grace_hours: 2 });
    expect(await standing(adopted)).toBe('+retiring +current');
    const old = await db.credential.findFirstOrThrow({ where: { databaseId: adopted.databaseId, version: 1 } });
    expect((old.retireAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(7_100_000);
    expect((await findDueWork('wrk_test')).retirements).toEqual([]);
    await expect(rotate(adopted, { grace_hours: 1 })).rejects.toMatchObject({ code: 'conflict' });

    await db.credential.update({ where: { id: old.id }, data: { retireAt: new Date(Date.now() - 1) } });
    await retireDue(adopted.databaseId);
    const { id } = await db.rotation.findFirstOrThrow({ where: { databaseId: adopted.databaseId, kind: 'retire' } });
    await attemptAll(id);
    expect(await standing(adopted)).toBe('-retired +current');
  });

  it('is refused if it is impossible or unwise, before anything is touched', async () => {
    const alone = await adopt({ engine: 'mysql', target: server.target, login: await server.createLogin('alone') });
    await expect(rotate(alone, { grace_hours: 1 })).rejects.toMatchObject({ code: 'grace_not_available', message: expect.stringContaining('rotator') });
    await expect(rotate(await begin(), { grace_hours: 1, reason: 'compromise' })).rejects.toMatchObject({ code: 'grace_not_available' });
    const postgres = await startTarget();
    const other = await adopt({ target: postgres.target, login: await postgres.createLogin('app') });
    await expect(rotate(other, { grace_hours: 1 })).rejects.toMatchObject({ code: 'grace_not_available', message: expect.stringContaining('PostgreSQL') });
    await postgres.stop();
    expect(await db.rotation.count({ where: { databaseId: { in: [alone.databaseId, other.databaseId] } } })).toBe(0);
  });
});

describe('where it cannot be ended', () => {
  it('the old one stays valid, the current one too, and it is tried again later', async () => {
    const adopted = await begin();
    await rotate(adopted, { retirement: 'on_deploy' });
    await server.sql('REVOKE CREATE USER ON *.* FROM rotator@?', ['%']);
    const { jobId, ...first } = await retire(adopted, 2);
    expect(first).toMatchObject({ state: expect.stringMatching(/failed|needs_attention/) });
    expect(await standing(adopted)).toBe('+retiring +current');
    await server.sql('GRANT CREATE USER ON *.* TO rotator@?', ['%']);
    const last = await attemptAll(await idOf(jobId)).catch(() => null);
    if (last?.state !== 'completed') {
      await db.credential.updateMany({ where: { databaseId: adopted.databaseId, state: 'retiring' }, data: { retireAt: new Date(0) } });
      await retireDue(adopted.databaseId);
      const again = await db.rotation.findFirstOrThrow({ where: { databaseId: adopted.databaseId, kind: 'retire' }, orderBy: { createdAt: 'desc' } });
      await attemptAll(again.id);
    }
    expect(await standing(adopted)).toBe('-retired +current');
  });
});

itRecords('project.credentials_retired');
