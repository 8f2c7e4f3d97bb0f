// `npm run first-start`: kills `npm start` at random moments of its first start, and starts it again. `--rounds n` (30),
// `--builds n` of them with the build and the database client made anew (2), `--seed n`.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { buildDashboard, generateCode } from '#scripts/launcher/prepare.ts';
import { root } from '#scripts/run-tool.ts';
import { LAUNCHED_FOR } from '#scripts/servers/child-env.ts';
import { freePort } from '#scripts/servers/free-port.ts';
import { findByEnvironment } from '#scripts/servers/process-identity.ts';
import { Random } from '#scripts/torture/random.ts';

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { rounds: { ...text, default: '30' }, builds: { ...text, default: '2' }, seed: text } });
const [rounds, builds] = [Number(values.rounds), Number(values.builds)];
const seed = Number(values.seed ?? randomInt(2 ** 31));
const READY = 'Ctrl-C stops everything';
const GIVE_UP_MS = 900_000;
const BUILD_WORKER_MS = 70_000;

interface Start {
  launcher: ChildProcess;
  output: () => string;
  /** Resolves when it is ready, and where it ended or hung before, with false. */
  ready: Promise<boolean>;
}

function start(dataDir: string, port: number): Start {
  const launcher = spawn(process.execPath, ['scripts/start.mjs', '--data', dataDir, '--port', String(port)], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const ready = new Promise<boolean>((resolve) => {
    for (const stream of [launcher.stdout, launcher.stderr]) {
      stream.on('data', (bytes: Buffer) => {
        output += bytes;
        if (output.includes(READY)) resolve(true);
      });
    }
    launcher.once('close', () => resolve(false));
    setTimeout(() => resolve(false), GIVE_UP_MS).unref();
  });
  return { launcher, output: () => output, ready };
}

async function end(launcher: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (launcher.exitCode !== null || launcher.signalCode !== null) return launcher.exitCode;
  launcher.kill(signal);
  await once(launcher, 'exit');
  return launcher.exitCode;
}

/** One first start that is killed after `killMs`, and the next; what went wrong, with all that was printed. */
async function play(killMs: number, isBuilt: boolean): Promise<{ said: string; problems: string[]; tookMs: number }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rekey-first-'));
  chmodSync(dataDir, 0o755);
  if (!isBuilt) for (const stamp of ['.next/made-from', 'generated/made-from']) rmSync(join(root, stamp), { force: true });
  const port = await freePort();
  const problems: string[] = [];
  try {
    const first = start(dataDir, port);
    await Promise.race([delay(killMs), once(first.launcher, 'exit')]);
    await end(first.launcher, 'SIGKILL');
    const said = first.output().trim().split('\n').at(-1)?.trim() ?? '';
    const began = performance.now();
    const second = start(dataDir, port);
    if (!(await second.ready)) problems.push(`the next start did not get ready:\n${second.output()}`);
    const tookMs = performance.now() - began;
    if (second.output().includes('demonstration did not start')) problems.push(`no demonstration:\n${second.output()}`);
    const code = await end(second.launcher, 'SIGTERM');
    if (code !== 0) problems.push(`it ended with ${code}`);
    // A worker of Next's build keeps the time limit of each page, a minute, beyond the build's own end.
    const findLeft = () => findByEnvironment(`${LAUNCHED_FOR}=${dataDir}`);
    for (const until = performance.now() + BUILD_WORKER_MS; findLeft().length > 0 && performance.now() < until; ) await delay(500);
    const left = findLeft();
    if (left.length > 0) problems.push(`processes ${left.join(', ')} are left`);
    // Where another program has taken its port the demonstration stays off, and has no folder.
    const folders = ['', 'control', 'demo'].map((name) => join(dataDir, name)).filter((folder) => existsSync(folder));
    const drafts = folders.flatMap((folder) => readdirSync(folder).filter((name) => /\.new|\.unfinished/.test(name)));
    if (drafts.length > 0) problems.push(`drafts are left: ${drafts.join(', ')}`);
    return { said, problems, tookMs };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const random = new Random(seed);
console.log(`seed ${seed}, ${rounds} rounds, ${builds} of them with a build`);
// What this checkout lacks would count as a part of the first start, and the kills would come long after it.
await generateCode();
await buildDashboard();
// How long a whole first start takes here, with and without the build.
const { tookMs: wholeMs } = await play(0, true);
const buildMs = builds > 0 ? (await play(0, false)).tookMs : 0;
console.log(`a whole first start takes ${(wholeMs / 1_000).toFixed(1)} s here, with a build ${(buildMs / 1_000).toFixed(1)} s`);
let bad = 0;
for (let round = 1; round <= rounds; round++) {
  const isBuilt = round > builds;
  const killMs = Math.round(random.between(0, isBuilt ? wholeMs : buildMs));
  const { said, problems, tookMs } = await play(killMs, isBuilt);
  if (problems.length > 0) bad += 1;
  console.log(
    `${problems.length > 0 ? 'BAD' : 'ok '} ${round}: killed after ${killMs} ms ("${said.slice(0, 80)}"), ready ${(tookMs / 1_000).toFixed(1)} s after the next start`,
  );
  for (const problem of problems) console.log(`    ${problem}`);
}
console.log(`${bad === 0 ? 'ok' : 'BAD'}: ${rounds - bad} of ${rounds} next starts got ready and left nothing`);
process.exit(bad === 0 ? 0 : 1);
