// Runs the steps of `npm test` and `npm run check:fast`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, dirname, join } from 'node:path';
import { root } from '#scripts/run-tool.ts';

/** The titles of the steps that failed. */
export const failures: string[] = [];

const env = {
  ...process.env,
  PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
  NEXT_TELEMETRY_DISABLED: '1',
  CHECKPOINT_DISABLE: '1',
  // Hundreds of processes start, and all compile the same files.
  NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compiled'),
};

/** Runs a program of node_modules and prints its output: at once, or at its end if another runs beside it. Resolves to whether it passed. */
export async function runStep(title: string, [file = '', ...args]: string[], { isBeside = false } = {}): Promise<boolean> {
  const started = performance.now();
  if (!isBeside) console.log(`\n== ${title}`);
  const output = isBeside ? 'pipe' : 'inherit';
  const child = spawn(process.execPath, [join(root, 'node_modules', file), ...args], { cwd: root, env, stdio: ['inherit', output, output] });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => said.push(chunk));
  const [status] = await once(child, 'close');
  if (isBeside) process.stdout.write(`\n== ${title}\n${Buffer.concat(said)}`);
  console.log(`== ${title}: ${status === 0 ? 'ok' : 'FAILED'} after ${((performance.now() - started) / 1000).toFixed(1)} s`);
  if (status !== 0) failures.push(title);
  return status === 0;
}
