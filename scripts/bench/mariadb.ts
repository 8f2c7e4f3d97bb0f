import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeNativeHash } from '#lib/crypto/mysql-hash.ts';
import { generatePassword } from '#lib/crypto/password.ts';
import type { Login } from '#lib/engines/engine.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { type MariadbTarget, startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { adopt } from '#scripts/testing/adopt.ts';
import type { BenchClient } from './client.ts';

/**
 * What a reset has to do and prove, with no store and no HTTP: the present password in and a random one refused, the change, the
 * file on the disk, the new password in, the old one refused, a look for open sessions. Its time in ms, and the login of now.
 */
async function resetAndProve(server: MariadbTarget, login: Login, path: string): Promise<{ ms: number; now: Login }> {
  const now = { user: login.user, password: generatePassword() };
  const refused = async (wrong: Login) => {
    const accepted = await server.connect(wrong).catch(() => null);
    await accepted?.end();
    if (accepted) throw new Error('a password that should be refused was accepted');
  };
  const started = performance.now();
  const [present] = await Promise.all([server.connect(login), refused({ user: login.user, password: generatePassword() })]);
  await present.query(`SET PASSWORD = '${makeNativeHash(now.password)}'`);
  const proven = await server.connect(now);
  await Promise.all([
    writeFile(`${path}.new`, `<?php\ndefine( 'DB_PASSWORD', '${now.password.reveal()}' );\n`, { flush: true }).then(() => rename(`${path}.new`, path)),
    refused(login),
    proven.query('SELECT ID FROM information_schema.PROCESSLIST WHERE USER = ?', [login.user]),
  ]);
  const ms = performance.now() - started;
  await Promise.all([present.end(), proven.end()]);
  return { ms, now };
}

interface Times {
  ours: number[];
  bare: number[];
  proofs: number[];
}

/** A reset of a site's development password, from the POST to its answer, against a bare ALTER USER and one login, and against what it proves without Rekey; each in ms. */
export async function benchMariadb(client: BenchClient, organizationId: string, rounds: number, warmUp: number): Promise<Times> {
  const server = await startMariadbTarget();
  const folder = mkdtempSync(join(tmpdir(), 'rekey-bench-'));
  try {
    await server.createLogin('floor');
    const login = await server.createLogin('app');
    let bareLogin = await server.createLogin('proven');
    const { projectId } = await adopt({ engine: 'mysql', target: server.target, login, organizationId });
    const wpConfigPath = join(folder, 'wp-config.php');
    writeFileSync(wpConfigPath, `<?php\ndefine( 'DB_PASSWORD', '${login.password.reveal()}' );\n`);
    const site = { id: newId('sit'), organizationId, projectId, partnerCustomerId: 'bench', wpConfigPath };
    await db.site.create({ data: site });
    const admin = await server.connect(server.admin);
    const times: Times = { ours: [], bare: [], proofs: [] };
    for (let round = 0; round < rounds + warmUp; round++) {
      const password = generatePassword();
      const began = performance.now();
      await admin.query(`ALTER USER floor@'%' IDENTIFIED VIA mysql_native_password USING '${makeNativeHash(password)}'`);
      await (await server.connect({ user: 'floor', password })).end();
      const bareMs = performance.now() - began;
      const { ms, now } = await resetAndProve(server, bareLogin, join(folder, 'bare.php'));
      bareLogin = now;
      const started = performance.now();
      await client.resetSite(site.id);
      const oursMs = performance.now() - started;
      if (round < warmUp) continue;
      times.bare.push(bareMs);
      times.proofs.push(ms);
      times.ours.push(oursMs);
    }
    await admin.end();
    return times;
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}
