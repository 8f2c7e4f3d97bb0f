import { claimDueLooks, lookByItself } from '#lib/integrations/look-by-itself.ts';
import { describeError, log } from '#lib/kernel/log.ts';
import { periodically } from './periodically.ts';

/** Looks at integrations whose time has come, in lanes beside those of the syncs: a look keeps no password waiting. */
export const checkIntegrations = periodically('checks', 30_000, 'no integration was checked', async ({ lanes, workerId }) => {
  for (const { id, provider } of await claimDueLooks()) lanes.run(`check ${provider}`, `check ${id}`, () => look(id, workerId));
});

const look = (id: string, workerId: string): Promise<void> =>
  lookByItself(id, workerId).catch((error: unknown) => log.error({ integration: id, error: describeError(error) }, 'drift check failed'));
