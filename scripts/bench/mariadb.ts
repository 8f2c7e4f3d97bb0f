import { makeNativeHash } from '#lib/crypto/mysql-hash.ts';
import { generatePassword } from '#lib/crypto/password.ts';
import { startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { adopt } from '#scripts/testing/adopt.ts';
import type { BenchClient } from './client.ts';

/** A reset at once of a MariaDB password by Rekey, from the POST to its completion, against a bare ALTER USER and one login; each in ms. */
export async function benchMariadb(client: BenchClient, organizationId: string, rounds: number, warmUp: number): Promise<{ ours: number[]; bare: number[] }> {
  const server = await startMariadbTarget();
  try {
    await server.createLogin('floor');
    const { projectId } = await adopt({ engine: 'mysql', target: server.target, login: await server.createLogin('app'), organizationId });
    const admin = await server.connect(server.admin);
    const [ours, bare]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds + warmUp; round++) {
      const password = generatePassword();
      const began = performance.now();
      await admin.query(`ALTER USER floor@'%' IDENTIFIED VIA mysql_native_password USING '${makeNativeHash(password)}'`);
      await (await server.connect({ user: 'floor', password })).end();
      const bareMs = performance.now() - began;
      const started = Date.now();
      const job = await client.untilCompleted((await client.rotate(projectId)).id);
      if (round < warmUp) continue;
      bare.push(bareMs);
      ours.push(Date.parse(job.completed_at ?? '') - started);
    }
    await admin.end();
    return { ours, bare };
  } finally {
    await server.stop();
  }
}
