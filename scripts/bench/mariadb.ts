import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeNativeHash } from '#lib/crypto/mysql-hash.ts';
import { generatePassword } from '#lib/crypto/password.ts';
import { db } from '#lib/db.ts';
import { newId } from '#lib/ids.ts';
import { startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { adopt } from '#scripts/testing/adopt.ts';
import type { BenchClient } from './client.ts';

/** A reset of a site's development password, from the POST to its answer, against a bare ALTER USER and one login; each in ms. */
export async function benchMariadb(client: BenchClient, organizationId: string, rounds: number, warmUp: number): Promise<{ ours: number[]; bare: number[] }> {
  const server = await startMariadbTarget();
  const folder = mkdtempSync(join(tmpdir(), 'rekey-bench-'));
  try {
    await server.createLogin('floor');
    const login = await server.createLogin('app');
    const { projectId } = await adopt({ engine: 'mysql', target: server.target, login, organizationId });
    const wpConfigPath = join(folder, 'wp-config.php');
    writeFileSync(wpConfigPath, `<?php\ndefine( 'DB_PASSWORD', '${login.password.reveal()}' );\n`);
    const site = { id: newId('sit'), organizationId, projectId, partnerCustomerId: 'bench', wpConfigPath };
    await db.site.create({ data: site });
    const admin = await server.connect(server.admin);
    const [ours, bare]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds + warmUp; round++) {
      const password = generatePassword();
      const began = performance.now();
      await admin.query(`ALTER USER floor@'%' IDENTIFIED VIA mysql_native_password USING '${makeNativeHash(password)}'`);
      await (await server.connect({ user: 'floor', password })).end();
      const bareMs = performance.now() - began;
      const started = performance.now();
      await client.resetSite(site.id);
      const oursMs = performance.now() - started;
      if (round < warmUp) continue;
      bare.push(bareMs);
      ours.push(oursMs);
    }
    await admin.end();
    return { ours, bare };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}
