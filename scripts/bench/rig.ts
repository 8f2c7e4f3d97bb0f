// What the benchmark measures: a web server and a worker as users run them, on throw-away databases.

import { randomBytes } from 'node:crypto';
import { buildDashboard, generateCode } from '#scripts/launcher/prepare.ts';
import { spawnPart } from '#scripts/launcher/spawn-part.ts';
import { waitUntilHealthy } from '#scripts/launcher/wait-until-healthy.ts';
import { freePort } from '#scripts/servers/free-port.ts';
import { cloneControlDatabase, startControlDatabase } from '#scripts/testing/control-database.ts';

export interface Rig {
  baseUrl: string;
  webPid: number;
  stop: () => Promise<void>;
}

/** Starts the control database and points this process and the parts to it. Import no lib/ module before. */
export async function startRig(): Promise<Rig> {
  await generateCode();
  await buildDashboard();
  const control = await startControlDatabase();
  const port = await freePort();
  const baseUrl = `http://127.0.0.1:${port}`;
  Object.assign(process.env, {
    DATABASE_URL: await cloneControlDatabase(control.url),
    REKEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    NEXTAUTH_SECRET: randomBytes(32).toString('base64'),
    NEXTAUTH_URL: baseUrl,
    REKEY_LOG_LEVEL: 'warn',
    // What is measured is the work, not the patience.
    REKEY_RATE_LIMIT: '1000000',
    REKEY_OUTBOUND_ALLOW: '127.0.0.0/8',
    HOST: '127.0.0.1',
    PORT: String(port),
  });
  const worker = spawnPart('worker', ['workers/main.ts'], process.env);
  const web = spawnPart('web', ['scripts/web.ts'], process.env);
  const stop = async () => {
    await Promise.all([web.stop(), worker.stop()]);
    await control.stop();
  };
  try {
    await waitUntilHealthy(baseUrl, AbortSignal.timeout(60_000), 60_000);
  } catch (error) {
    console.error(web.output.text(), worker.output.text());
    await stop();
    throw error;
  }
  return { baseUrl, webPid: web.child.pid ?? 0, stop };
}
