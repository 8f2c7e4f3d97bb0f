// `npm run overload`: requests that are too large, too slow or too many against a real web server, and what others
// notice. `--connections n` (10,000), `--hold n` seconds (15), `--only text` (several times) in the name of an attack.
import { parseArgs } from 'node:util';
import { percentile } from '#scripts/bench/percentile.ts';
import { startRig } from '#scripts/bench/rig.ts';
import { ATTACKS, type AttackName } from './attacks.ts';
import { askUntil, type Honest, measureAttack, residentMb } from './measure.ts';

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: { connections: { ...text, default: '10000' }, hold: { ...text, default: '15' }, only: { ...text, multiple: true, default: [''] } },
});
const size = { bodyBytes: 300 * 1_048_576, headerBytes: 1_048_576, connections: Number(values.connections), holdMs: Number(values.hold) * 1_000 };

const MOST_GROWTH_MB = 50;
const MOST_SLOWER = 2;
/** Before and after each attack: what else the machine does changes meanwhile. */
const QUIET_MS = 7_500;
/** Of fewer waits, the slowest twentieth is chance. */
const FEWEST_WAITS = 100;

const honest: Honest[] = [
  { path: '/api/health', status: 200 },
  { path: '/api/auth/session', status: 200 },
  { path: '/signin', status: 200 },
  { path: '/icon.svg', status: 200 },
];

const rig = await startRig();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void rig.stop().then(() => process.exit(130)));
const url = new URL(rig.baseUrl);
const quietly = async (ms: number) => {
  const until = Date.now() + ms;
  return askUntil(url, honest, () => Date.now() > until);
};
const line = (name: string, ...columns: string[]) => console.log([name.padEnd(20), ...columns.map((column) => column.padStart(12))].join(' '));

await quietly(QUIET_MS / 2);
const start = residentMb(rig.webPid);
const failures: string[] = [];
line('', 'quiet p95', 'p95', 'ratio', 'grown', 'wrong', '  connections ended');
for (const name of Object.keys(ATTACKS) as AttackName[]) {
  if (!values.only.some((only) => name.includes(only))) continue;
  const before = await quietly(QUIET_MS);
  const { endings, grownMb, times, wrong } = await measureAttack(url, rig.webPid, name, size, honest);
  const after = await quietly(QUIET_MS);
  wrong.push(...before.wrong, ...after.wrong);
  const [quiet, loaded] = [percentile([...before.times, ...after.times], 0.95), percentile(times, 0.95)];
  const [ratio, grown] = [loaded / quiet, Math.max(grownMb, residentMb(rig.webPid) - start)];
  line(
    name,
    `${quiet.toFixed(1)} ms`,
    `${loaded.toFixed(1)} ms`,
    ratio.toFixed(2),
    `${grown.toFixed(0)} MB`,
    `${wrong.length}/${times.length}`,
    `  ${JSON.stringify(endings)}`,
  );
  if (times.length < FEWEST_WAITS) failures.push(`${name}: others were answered ${times.length} times only, too few to tell how long they wait`);
  if (!(ratio <= MOST_SLOWER)) failures.push(`${name}: others wait ${ratio.toFixed(2)} times as long`);
  if (grown > MOST_GROWTH_MB) failures.push(`${name}: ${grown.toFixed(0)} MB more memory`);
  if (wrong.length > 0) failures.push(`${name}: ${wrong.length} requests of others failed, the first as ${wrong[0]}`);
  const odd = Object.keys(endings).filter((ending) => !/^4\d\d$|^closed$|^503$/.test(ending));
  if (odd.length > 0 && /^(bodies|headers)/.test(name)) failures.push(`${name}: ended as ${odd.join(', ')}`);
}
await rig.stop();
for (const failure of failures) console.log(`BAD ${failure}`);
if (failures.length === 0) console.log('ok: all refused or closed, memory and the others’ waits within bounds');
process.exit(failures.length > 0 ? 1 : 0);
