// The web server alone: `npm run web`. Settings are checked before it listens, not at the first request.
import './require-settings.ts';
import { createRequire } from 'node:module';
import { markAddresses } from '#lib/http/client-address.ts';
import { markRequests } from '#lib/http/received-mark.ts';

const { PORT = '3000', HOST = '127.0.0.1' } = process.env;
const mode = process.argv.includes('--dev') ? 'dev' : 'start';

markRequests();
markAddresses();

// Next's own command line, in this very process: a signal reaches it without a parent in between.
process.argv = [process.execPath, 'next', mode, '--hostname', HOST, '--port', PORT];
createRequire(import.meta.url)('next/dist/bin/next');
