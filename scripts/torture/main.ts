// `npm run torture`: kills, stops and cuts what can be killed, stopped and cut while passwords change, and counts what
// becomes of the logins. `--rounds n` of each kind (20), `--only text` in the name of a kind, `--seed n`.
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { startRig } from './rig.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '20' }, only: { type: 'string', default: '' }, seed: { type: 'string' } } });
const rounds = Number(values.rounds);
const seed = Number(values.seed ?? randomInt(2 ** 31));

console.log(`seed ${seed}, ${rounds} rounds each`);
const rig = await startRig();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void rig.stop().then(() => process.exit(130)));
const { SCENARIOS } = await import('./scenarios.ts');
const { addTallies, isClean, playSeries } = await import('./play.ts');
type Tally = ReturnType<typeof addTallies>;

const line = (name: string, tally: Tally, seconds: number): string =>
  `${isClean(tally) ? 'ok ' : 'BAD'} ${name}: ${tally.rounds} rounds, ${tally.hits} hits, ${tally.completed} completed, ${tally.failed} failed, ` +
  `${tally.faults.lockout} lockouts, ${tally.faults.stuck} stuck, ${tally.faults.fault} other faults (${seconds.toFixed(1)} s)`;

const began = performance.now();
const tallies: Tally[] = [];
for (const [name, scenario] of Object.entries(SCENARIOS)) {
  for (const series of scenario(rig)) {
    if (!`${name} ${series.name}`.includes(values.only)) continue;
    const started = performance.now();
    const tally = await playSeries(rig, scenario, series.name, { rounds, seed });
    tallies.push(tally);
    console.log(line(series.name, tally, (performance.now() - started) / 1000));
    for (const told of tally.told) console.log(told);
  }
}
await rig.stop();
const sum = addTallies(tallies);
console.log(line(`all, seed ${seed}`, sum, (performance.now() - began) / 1000));
process.exit(isClean(sum) && sum.rounds > 0 ? 0 : 1);
