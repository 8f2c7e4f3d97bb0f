import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generatePassword } from '#lib/crypto/password.ts';
import { Secret } from '#lib/crypto/secret.ts';
import { startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { placeAt, rotatorAt } from '#scripts/servers/place.ts';
import type { Login, Target } from './engine.ts';
import { describeEngine } from './engine-contract.ts';
import { mysql } from './mysql.ts';

describeEngine(mysql, 'MariaDB', { iterations: 0, tellsBegin: false }, async () => {
  const target = await startMariadbTarget();
  return {
    ...target,
    openSession: async (login) => {
      const connection = await target.connect(login);
      return {
        isOpen: () =>
          connection.query('SELECT 1').then(
            () => true,
            () => false,
          ),
        close: () => connection.end().catch(() => {}),
      };
    },
  };
});

const url = process.env.MYSQL8_URL;
// No server of MySQL 8 comes with these tests: whoever has one names it, by the URL of a login that may do everything.
if (url) {
  describe('MySQL 8, as named by MYSQL8_URL', () => {
    const { hostname, port, username, password, pathname } = new URL(url);
    const admin = { user: decodeURIComponent(username), password: new Secret(decodeURIComponent(password)) };
    const target: Target = {
      direct: placeAt(Number(port || 3306), { host: hostname, database: pathname.slice(1) || 'mysql' }),
      pooled: null,
    };
    const login = { user: `rekey_test_${Date.now().toString(36)}`, password: generatePassword() };
    const connect = ({ user, password: secret }: Login) =>
      createConnection({ host: target.direct.host, port: target.direct.port, user, password: secret.reveal(), ssl: { rejectUnauthorized: false } });
    const sql = async (text: string) => {
      const connection = await connect(admin);
      await connection.query(text);
      await connection.end();
    };
    beforeAll(async () => {
      await sql(`CREATE USER '${login.user}'@'%' IDENTIFIED BY '${login.password.reveal()}'`);
      await sql(`GRANT SELECT ON *.* TO '${login.user}'@'%'`);
    });
    afterAll(() => sql(`DROP USER '${login.user}'@'%'`));

    it('changes a password, keeps the old one valid beside it through a retry, ends it, and ends its sessions', async () => {
      const verdicts = (...all: Login[]) => Promise.all(all.map(async (one) => (await mysql.probe(target, 'direct', one)).verdict));
      const { iterations, rotatorMayChange, verifier: old } = await mysql.inspect(target, login, rotatorAt(admin, target));
      expect([rotatorMayChange, old]).toEqual([true, expect.stringMatching(/^(?:\*[0-9A-F]{40}|\$A\$[\s\S]+)$/)]);
      const app = await connect(login);
      app.on('error', () => {});
      const next = { ...login, password: generatePassword() };
      const verifier = await mysql.makeVerifier(next.password, iterations);
      const operator = await mysql.openOperator(target, admin, 'rekey:8:1');
      const change = (alsoValid: string[]) =>
        operator.changePassword({ role: login.user, verifier, alsoValid, known: [old ?? '', verifier], attempt: 'rekey:8:1', onTransaction: async () => {} });
      await change([old ?? '']);
      expect(await verdicts(login, next)).toEqual(['accepted', 'accepted']);
      await change([old ?? '']);
      expect(await verdicts(login, next)).toEqual(['accepted', 'accepted']);
      const at = (await change([])).changedAt as Date;
      expect(await verdicts(login, next, { ...login, password: generatePassword() })).toEqual(['refused', 'accepted', 'refused']);
      const session = await mysql.openSession(target, next);
      expect(await session.endSessions({ at, connectionId: session.connectionId })).toBe(1);
      await expect(app.query('SELECT 1')).rejects.toThrow();
      await Promise.all([session.close(), operator.close()]);
    });
  });
}
