// `npm run soak`: two web servers, two workers and their store, for an hour, while everything around them breaks:
// `--minutes n` (60), `--logins n` (200), `--seed n`, `--web api` for the API without its pages, `--beside commit` to run
// one half on that commit, as during a rolling upgrade: `before` is the last one before the newest migration, and a folder
// is a checkout that is ready to run.
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { buildDashboard, generateCode } from '#scripts/launcher/prepare.ts';
import { checkOut, commitBeforeLastMigration } from './check-out-before.ts';
import { isFaultless, report } from './report.ts';
import { runSoak } from './run-soak.ts';

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: { minutes: { ...text, default: '60' }, logins: { ...text, default: '200' }, seed: text, web: { ...text, default: 'pages' }, beside: text },
});
const seed = Number(values.seed ?? randomInt(2 ** 31));
const web = values.web === 'api' ? 'api' : 'pages';
const began = Date.now();
const say = (what: string) => console.log(`${((Date.now() - began) / 1_000).toFixed(1).padStart(7)} s  ${what}`);

say(`seed ${seed}, ${values.minutes} minutes`);
await generateCode();
if (web === 'pages') await buildDashboard();
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
const old = values.beside ? checkOut(values.beside === 'before' ? commitBeforeLastMigration() : values.beside) : null;
const size = { minutes: Number(values.minutes), logins: Number(values.logins), clients: 4, restMs: 1_000, everyMs: 10_000 };
const result = await runSoak({ ...size, seed, web, secondFolder: old?.folder, say, signal: stopping.signal }).finally(() => old?.remove());
console.log(report(result));
process.exit(isFaultless(result) ? 0 : 1);
