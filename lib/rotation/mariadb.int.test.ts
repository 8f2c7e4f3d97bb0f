// A MariaDB project from its URL to a proven rotation: the same state machine, another engine.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyConnection } from '#lib/checks/verify-connection.ts';
import type { Login } from '#lib/engines/engine.ts';
import { mysql } from '#lib/engines/mysql.ts';
import { db } from '#lib/kernel/db.ts';
import { createProject } from '#lib/projects/create-project.ts';
import { getProject } from '#lib/projects/get-project.ts';
import { type MariadbTarget, startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { rotate, stepKinds, storedLogin } from '#scripts/testing/drive-rotation.ts';
import { endOldSessions, listOldSessions } from './sessions/old-sessions.ts';

let server: MariadbTarget;
beforeAll(async () => {
  server = await startMariadbTarget();
});
afterAll(() => server.stop());

const verdict = async (login: Login) => (await mysql.probe(server.target, 'direct', login)).verdict;

const adoptHere = async (login: Login, rotator?: Login): Promise<Adopted> =>
  adopt({ engine: 'mysql', target: server.target, login, ...(rotator && { rotator }) });

describe('adopting a MariaDB login', () => {
  it('finds its kind and version, and says what works', async () => {
    const { context } = await adoptHere(await server.createLogin('other'));
    const login = await server.createLogin('adopted');
    const rotator = await server.createRotator('adopted_rotator');
    const { project, job } = await createProject(context, {
      name: 'Shop',
      connection_url: server.urlOf(login).replace('mysql:', 'mariadb:'),
      rotator_url: server.urlOf(rotator),
    });
    await verifyConnection(job.id, 'wrk_test');
    const found = await getProject(context, project.id);
    expect(found).toMatchObject({ engine: 'mysql', state: 'ready', server_version: expect.stringMatching(/^\d+\.\d+\.\d+-MariaDB$/), last_error: null });
    expect(found.rights).toMatchObject({ self_may_change: true, rotator_may_change: true, may_see_sessions: true, may_end_sessions: true });
    expect(found.rights?.notes.map(({ tone }) => tone)).toEqual(['ok', 'ok', 'ok']);
  });
});

describe('a rotation on MariaDB', () => {
  it.each(['role', 'rotator'] as const)('by the %s: the new password logs in, the old one is rejected, sessions are kept', async (by) => {
    const old = await server.createLogin(`kept_${by}`);
    const app = await server.connect(old);
    const adopted = await adoptHere(old, by === 'rotator' ? await server.createRotator('rotator_of_kept') : undefined);
    const rotation = await rotate(adopted);
    expect(stepKinds(rotation)).toEqual(['requested', 'preflight', 'staged', 'changed', 'direct_ok', 'promoted', 'old_refused', 'completed']);
    expect(rotation).toMatchObject({ state: 'completed', attempts: 1, sessionsBefore: 1, sessionsLeft: 1, xid: null });
    expect(rotation.proofs).toMatchObject({
      new: { direct: { verdict: 'accepted' } },
      old: { direct: { verdict: 'refused' } },
      wrong: { direct: { verdict: 'refused' } },
    });
    expect([await verdict(await storedLogin(adopted)), await verdict(old)]).toEqual(['accepted', 'refused']);
    expect((await app.query('SELECT 1 AS one'))[0]).toEqual([{ one: 1 }]);
    await app.end();
  });

  it('closes only the sessions of the old password', async () => {
    const old = await server.createLogin('closed');
    const apps = await Promise.all([server.connect(old), server.connect(old)]);
    const adopted = await adoptHere(old);
    const rotation = await rotate(adopted, { close_sessions: true });
    expect(rotation).toMatchObject({ state: 'completed', sessionsLeft: 0, rescanAt: expect.any(Date) });
    expect(rotation.steps.find(({ kind }) => kind === 'sessions_ended')).toMatchObject({ detail: { count: 2 } });
    for (const app of apps) await expect(app.query('SELECT 1')).rejects.toMatchObject({ fatal: true });
    const after = await server.connect(await storedLogin(adopted));
    expect((await after.query('SELECT 1 AS one'))[0]).toEqual([{ one: 1 }]);
    await after.end();
  });

  it('ends old sessions later, by address or all, and keeps those of the new password', async () => {
    const old = await server.createLogin('left_over');
    const apps = await Promise.all([server.connect(old), server.connect(old)]);
    const adopted = await adoptHere(old);
    const { jobId } = await rotate(adopted);
    const after = await server.connect(await storedLogin(adopted));
    expect(await listOldSessions(adopted.context, jobId)).toEqual([{ application: '', address: '127.0.0.1', count: 2, since: null, isOwn: false }]);
    expect(await endOldSessions(adopted.context, jobId, { application: '', address: '192.0.2.1' })).toEqual({ ended: 0, left: 2 });
    expect(await endOldSessions(adopted.context, jobId, { application: '', address: '127.0.0.1' })).toEqual({ ended: 2, left: 0 });
    for (const app of apps) await expect(app.query('SELECT 1')).rejects.toMatchObject({ fatal: true });
    expect((await after.query('SELECT 1 AS one'))[0]).toEqual([{ one: 1 }]);
    await after.end();
  });

  it('changes every account of the user, for every host', async () => {
    const old = await server.createLogin('hosts', { hosts: ['%', '127.0.0.1', '10.%'] });
    const adopted = await adoptHere(old, await server.createRotator('rotator_of_hosts'));
    expect(await rotate(adopted)).toMatchObject({ state: 'completed' });
    const rows = await server.sql("SELECT json_value(Priv, '$.authentication_string') AS hash FROM mysql.global_priv WHERE User = 'hosts'");
    expect(new Set(rows.map(({ hash }) => hash)).size).toBe(1);
    expect(rows).toHaveLength(3);
    expect(await verdict(old)).toBe('refused');
  });

  it('leaves no password in the general log or the binary log', async () => {
    const credentials = await db.credential.findMany({ include: { database: true } });
    const { openCredential } = await import('#lib/logins/sealing.ts');
    const log = server.log();
    expect(log).toContain('ALTER USER');
    expect(log).toContain('SET PASSWORD');
    for (const credential of credentials) expect(log.includes((await openCredential(credential)).password.reveal())).toBe(false);
  });
});
