// `npm run attack`: everything that strangers and others with too few rights can try to get passwords they were not given.
// `--checkout folder` attacks another checkout; `--only text` in `engine method placement`; `--small` as in `npm test`.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '#scripts/run-tool.ts';
import { report, runAttack } from './run.ts';

const { values } = parseArgs({
  options: { checkout: { type: 'string', default: root }, only: { type: 'string', default: '' }, small: { type: 'boolean', default: false } },
});
const began = performance.now();
const result = await runAttack({ checkout: resolve(values.checkout), isSmall: values.small, only: values.only, say: (line) => console.log(line) });
console.log(report(result));
console.log(`${((performance.now() - began) / 1000).toFixed(0)} s`);
process.exit(result.findings.length === 0 && result.outcomes.length > 0 ? 0 : 1);
