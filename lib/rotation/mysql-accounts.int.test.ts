// What people's MariaDB accounts are like, and what a rotation does with them: every way in that is not ours stays.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeNativeHash } from '#lib/crypto/mysql-hash.ts';
import { generatePassword } from '#lib/crypto/password.ts';
import { Secret } from '#lib/crypto/secret.ts';
import type { Login } from '#lib/engines/engine.ts';
import { mysql } from '#lib/engines/mysql.ts';
import { type MariadbTarget, startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { rotatorAt } from '#scripts/servers/place.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { rotate, storedLogin } from '#scripts/testing/drive-rotation.ts';

let server: MariadbTarget;
let rotator: Login;
beforeAll(async () => {
  server = await startMariadbTarget();
  rotator = await server.createRotator('rotator');
});
afterAll(() => server.stop());

const verdict = async (login: Login) => (await mysql.probe(server.target, 'direct', login)).verdict;
const adoptHere = (login: Login, by?: Login): Promise<Adopted> => adopt({ engine: 'mysql', target: server.target, login, ...(by && { rotator: by }) });
const hash = ({ password }: { password: Secret }) => makeNativeHash(password);
const native = (login: { password: Secret }) => `mysql_native_password USING '${hash(login)}'`;

/** Makes an account that is let in by these methods. */
async function createAccount(user: string, methods: (login: Login) => string, host = '%'): Promise<Login> {
  const login = { user, password: generatePassword() };
  await server.sql(`CREATE USER ?@? IDENTIFIED VIA ${methods(login)}`, [user, host]);
  await server.sql('GRANT ALL ON shop.* TO ?@?', [user, host]);
  return login;
}

const created = async (user: string, host = '%') => String(Object.values((await server.sql('SHOW CREATE USER ?@?', [user, host]))[0] ?? {})[0]);

describe('other ways into an account', () => {
  const dba = { password: new Secret("a DBA's password") };
  it.each([
    ['unix_socket first', 'a1', (login: Login) => `unix_socket OR ${native(login)}`, (next: Login) => `unix_socket OR ${native(next)}`],
    ['unix_socket last', 'a2', (login: Login) => `${native(login)} OR unix_socket`, (next: Login) => `${native(next)} OR unix_socket`],
    ["a DBA's second password", 'a3', (login: Login) => `${native(login)} OR ${native(dba)}`, (next: Login) => `${native(next)} OR ${native(dba)}`],
    ["a DBA's first password", 'a4', (login: Login) => `${native(dba)} OR ${native(login)}`, (next: Login) => `${native(dba)} OR ${native(next)}`],
  ])('stay after a rotation by a rotator: %s', async (_name, user, before, after) => {
    const old = await createAccount(user, before);
    const adopted = await adoptHere(old, rotator);
    expect(await rotate(adopted)).toMatchObject({ state: 'completed', errorCode: null });
    const next = await storedLogin(adopted);
    expect(await created(user)).toContain(`IDENTIFIED VIA ${after(next)}`);
    expect([await verdict(next), await verdict(old)]).toEqual(['accepted', 'refused']);
  });

  it.each([
    ['unix_socket first', 's1', (login: Login) => `unix_socket OR ${native(login)}`, 'completed'],
    ['unix_socket last', 's2', (login: Login) => `${native(login)} OR unix_socket`, 'completed'],
    ["a DBA's second password", 's3', (login: Login) => `${native(login)} OR ${native(dba)}`, 'completed'],
    ["a DBA's first password, which a change of its own would replace", 's4', (login: Login) => `${native(dba)} OR ${native(login)}`, 'failed'],
  ])('stay after a rotation by the account itself, or it is refused: %s', async (_name, user, before, state) => {
    const old = await createAccount(user, before);
    const adopted = await adoptHere(old);
    const rotation = await rotate(adopted);
    expect(rotation).toMatchObject({ state, errorCode: state === 'failed' ? 'own_change_unsafe' : null });
    const next = await storedLogin(adopted);
    expect(await created(user)).toContain(`IDENTIFIED VIA ${before(next)}`);
    expect(await verdict(next)).toBe('accepted');
  });

  it('stay on an account of another host that Rekey never uses', async () => {
    const old = await createAccount('hosts', native);
    await server.sql(`CREATE USER hosts@localhost IDENTIFIED VIA unix_socket OR ${native(old)}`);
    const adopted = await adoptHere(old, rotator);
    expect(await rotate(adopted)).toMatchObject({ state: 'completed' });
    expect(await created('hosts', 'localhost')).toContain(`IDENTIFIED VIA unix_socket OR ${native(await storedLogin(adopted))}`);
  });

  it('end for the reason compromise, and the timeline shows it', async () => {
    const old = await createAccount('leaked', (login) => `${native(login)} OR ${native(dba)}`);
    const adopted = await adoptHere(old, rotator);
    const rotation = await rotate(adopted, { reason: 'compromise' });
    expect(rotation.steps.find(({ kind }) => kind === 'changed')?.detail).toMatchObject({ other_passwords_ended: 1 });
    expect(await verdict({ user: 'leaked', ...dba })).toBe('refused');
    const kept = await createAccount('routine', (login) => `${native(login)} OR ${native(dba)}`);
    const routine = await rotate(await adoptHere(kept, rotator));
    expect(routine.steps.find(({ kind }) => kind === 'changed')?.detail).toMatchObject({ other_passwords_kept: 1 });
    expect(await verdict({ user: 'routine', ...dba })).toBe('accepted');
  });
});

describe('an account that the server has not loaded', () => {
  it('is named before anything is changed', async () => {
    const old = await createAccount('unloaded', native);
    await server.sql("INSERT INTO mysql.global_priv SELECT 'web1.example.com', User, Priv FROM mysql.global_priv WHERE User = 'unloaded'");
    await server.sql('FLUSH PRIVILEGES');
    const adopted = await adoptHere(old, rotator);
    const rotation = await rotate(adopted);
    expect(rotation).toMatchObject({ state: 'failed', errorCode: 'account_not_loaded', changedAt: null });
    expect(rotation.job.error).toContain('unloaded@web1.example.com');
    expect(await verdict(old)).toBe('accepted');
    expect(await mysql.inspect(server.target, old, rotatorAt(rotator, server.target))).toMatchObject({
      changeFailure: 'account_not_loaded',
      changeSubject: 'unloaded@web1.example.com',
    });
    await server.sql("DELETE FROM mysql.global_priv WHERE User = 'unloaded' AND Host = 'web1.example.com'");
    expect(await rotate(adopted)).toMatchObject({ state: 'completed' });
  });
});

describe('accounts with unusual names and requirements', () => {
  it.each(["o'brien", 'ti`ck', 'back\\slash', '"quoted"', 'IDENTIFIED BY'])('rotates %s by itself', async (user) => {
    const old = await createAccount(user, native);
    const adopted = await adoptHere(old);
    expect(await rotate(adopted)).toMatchObject({ state: 'completed' });
    expect([await verdict(await storedLogin(adopted)), await verdict(old)]).toEqual(['accepted', 'refused']);
  });

  it('finds that a client certificate is required behind a rejected login', async () => {
    const login = await createAccount('certified', native);
    await server.sql("ALTER USER certified@'%' REQUIRE SUBJECT '/CN=it''s'");
    await expect(mysql.inspect(server.target, login, rotatorAt(rotator, server.target))).rejects.toMatchObject({ code: 'certificate_needed' });
  });

  it('lets a rotator replace a password that has expired', async () => {
    const old = await createAccount('expired', native);
    await server.sql("ALTER USER expired@'%' PASSWORD EXPIRE");
    const adopted = await adoptHere(old, rotator);
    expect(await mysql.inspect(server.target, old, rotatorAt(rotator, server.target))).toMatchObject({ rotatorMayChange: true, changeFailure: null });
    expect(await rotate(adopted)).toMatchObject({ state: 'completed' });
    expect([await verdict(await storedLogin(adopted)), await verdict(old)]).toEqual(['accepted', 'refused']);
  });

  it('touches no locked account', async () => {
    const old = await createAccount('locked', native);
    await server.sql("ALTER USER locked@'%' ACCOUNT LOCK");
    expect(await rotate(await adoptHere(old, rotator))).toMatchObject({ state: 'failed', errorCode: 'account_locked', changedAt: null });
    expect(await created('locked')).toContain(hash(old));
  });
});
