// `npm run soak`: two web servers, two workers and their store, for an hour, while everything around them breaks:
// `--minutes n` (60), `--logins n` (200), `--seed n`, `--web api` for the API without its pages.
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { buildDashboard, generateClient } from '#scripts/launcher/prepare.ts';
import { isFaultless, report } from './report.ts';
import { runSoak } from './run-soak.ts';

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: { minutes: { ...text, default: '60' }, logins: { ...text, default: '200' }, seed: text, web: { ...text, default: 'pages' } },
});
const seed = Number(values.seed ?? randomInt(2 ** 31));
const web = values.web === 'api' ? 'api' : 'pages';
const began = Date.now();
const say = (what: string) => console.log(`${((Date.now() - began) / 1_000).toFixed(1).padStart(7)} s  ${what}`);

say(`seed ${seed}, ${values.minutes} minutes`);
await generateClient();
if (web === 'pages') await buildDashboard();
const result = await runSoak({ minutes: Number(values.minutes), seed, logins: Number(values.logins), clients: 4, restMs: 1_000, everyMs: 10_000, web, say });
console.log(report(result));
process.exit(isFaultless(result) ? 0 : 1);
