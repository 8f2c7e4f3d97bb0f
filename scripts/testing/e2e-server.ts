// What the browser tests run against: the real launcher with a data folder of its own, which goes when it ends.
import { spawn } from 'node:child_process';
import { chmodSync, createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const dataDir = mkdtempSync(join(tmpdir(), 'rekey-e2e-'));
chmodSync(dataDir, 0o755);
// For the canary scan: where everything is kept, and all that was printed, at the most talkative level.
mkdirSync('test-results', { recursive: true });
writeFileSync('test-results/e2e-data-dir', dataDir);
const log = createWriteStream('test-results/e2e-server.log');

// The settings of whoever runs the tests are not theirs.
const { DATABASE_URL, NEXTAUTH_URL, REKEY_ENCRYPTION_KEY, NEXTAUTH_SECRET, REKEY_DEMO, HOST, PORT, ...env } = process.env;
const launcher = spawn(process.execPath, ['scripts/start.mjs', '--data', dataDir, ...process.argv.slice(2)], {
  env: { ...env, REKEY_LOG_LEVEL: 'debug', REKEY_RATE_LIMIT: '100000', REKEY_OUTBOUND_ALLOW: '127.0.0.0/8', REKEY_DEMO: 'project' },
  stdio: ['ignore', 'pipe', 'pipe'],
});
for (const [from, to] of [
  [launcher.stdout, process.stdout],
  [launcher.stderr, process.stderr],
] as const) {
  from.pipe(to);
  from.pipe(log, { end: false });
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => launcher.kill(signal));
launcher.on('exit', (code) => {
  rmSync(dataDir, { recursive: true, force: true });
  process.exit(code ?? 1);
});
