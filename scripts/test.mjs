// `npm test`: works in a fresh clone, with Node 20 or later and npm alone.
import { installDependencies, runTypeScript } from './bootstrap.mjs';

installDependencies({ withTests: true });
await runTypeScript('scripts/run-tests.ts');
