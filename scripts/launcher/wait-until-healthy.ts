import { setTimeout as delay } from 'node:timers/promises';

/** Resolves when `GET /api/health` answers 200: database there, migrations in, a worker alive. Throws with its last words. */
export async function waitUntilHealthy(address: string, signal: AbortSignal, timeoutMs: number): Promise<void> {
  const end = Date.now() + timeoutMs;
  let answer = 'no answer';
  while (Date.now() < end) {
    signal.throwIfAborted();
    try {
      const response = await fetch(`${address}/api/health`, { signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]) });
      if (response.ok) return;
      answer = `${response.status} ${(await response.text()).slice(0, 500)}`;
    } catch (error) {
      signal.throwIfAborted();
      answer = String((error as Error).cause ?? error);
    }
    await delay(100);
  }
  throw new Error(`Rekey did not get healthy within ${timeoutMs / 1000} s. ${address}/api/health said: ${answer}`);
}
