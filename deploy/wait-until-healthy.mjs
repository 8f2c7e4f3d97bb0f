// Health check for service managers and containers: ends with 0 once `GET /api/health` answers 200, with 1 after so many
// seconds (5). With `worker` behind the seconds it asks the worker on REKEY_WORKER_PORT instead.
import { env } from 'node:process';

const seconds = Number(process.argv[2] ?? 5);
const { PORT = '3000', REKEY_WORKER_PORT } = env;
const isWorker = process.argv[3] === 'worker';
if (isWorker && !REKEY_WORKER_PORT) {
  process.stderr.write('REKEY_WORKER_PORT is not set: the worker answers nowhere. Set it to a free port for the worker and for this check.\n');
  process.exit(1);
}
const url = isWorker ? `http://127.0.0.1:${REKEY_WORKER_PORT}/` : `http://127.0.0.1:${PORT}/api/health`;
const until = Date.now() + seconds * 1_000;
let said = 'no answer';
while (Date.now() < until) {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    if (answer.ok) process.exit(0);
    said = `${answer.status} ${(await answer.text()).slice(0, 500)}`;
  } catch (error) {
    said = String(error.cause?.code ?? error.message);
  }
  await new Promise((resolve) => setTimeout(resolve, 250));
}
process.stderr.write(`${isWorker ? 'The worker' : 'Rekey'} is not healthy after ${seconds} s: ${said}\n`);
process.exit(1);
