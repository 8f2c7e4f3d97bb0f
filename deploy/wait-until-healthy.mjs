// Health check for service managers and containers: ends with 0 once `GET /api/health` answers 200, with 1 after so many seconds (5).
import { env } from 'node:process';

const seconds = Number(process.argv[2] ?? 5);
const { PORT = '3000' } = env;
const until = Date.now() + seconds * 1_000;
let said = 'no answer';
while (Date.now() < until) {
  try {
    const answer = await fetch(`http://127.0.0.1:${PORT}/api/health`, { signal: AbortSignal.timeout(5_000) });
    if (answer.ok) process.exit(0);
    said = `${answer.status} ${(await answer.text()).slice(0, 500)}`;
  } catch (error) {
    said = String(error.cause?.code ?? error.message);
  }
  await new Promise((resolve) => setTimeout(resolve, 250));
}
process.stderr.write(`Rekey is not healthy after ${seconds} s: ${said}\n`);
process.exit(1);
