import { claimDueLooks, lookByItself } from '#lib/integrations/look-by-itself.ts';
import { describeError, log } from '#lib/log.ts';
import type { Dispatch } from './handlers.ts';

const EVERY_MS = 30_000;
let nextAt = 0;

/** Looks at integrations whose time has come, in lanes beside those of the syncs: a look keeps no password waiting. */
export function checkIntegrations({ lanes }: Dispatch): void {
  if (Date.now() < nextAt) return;
  nextAt = Date.now() + EVERY_MS;
  lanes.run('checks', 'checks', async () => {
    try {
      for (const { id, provider } of await claimDueLooks()) lanes.run(`check ${provider}`, `check ${id}`, () => look(id));
    } catch (error) {
      log.warn({ error: describeError(error) }, 'no integration was looked at');
    }
  });
}

const look = (id: string): Promise<void> =>
  lookByItself(id).catch((error: unknown) => log.error({ integration: id, error: describeError(error) }, 'a look at an integration broke off'));
