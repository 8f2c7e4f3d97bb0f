import { randomBytes } from 'node:crypto';
import { startTarget, type TargetOptions, type TestTarget } from '#scripts/servers/test-target.ts';
import { type ControlDatabase, cloneControlDatabase, startControlDatabase } from '#scripts/testing/control-database.ts';
import { WorkerYard } from './worker-process.ts';

/** The servers of a run, each started when it is first asked for, and its workers. */
export interface Rig {
  control: ControlDatabase;
  yard: WorkerYard;
  /** A target; the same one for the same options. */
  target: (options?: TargetOptions) => Promise<TestTarget>;
  stop: () => Promise<void>;
}

/** Waits of a worker, in ms, so short that rounds are many. */
const TIMES = { REKEY_BACKOFF_MS: '100', REKEY_ATTENTION_MS: '500', REKEY_POOLER_RETRY_MS: '30,60', REKEY_LOG_LEVEL: 'info' };

/**
 * Starts the store and lets this process use it: modules that read the environment may be imported only afterwards.
 */
export async function startRig(): Promise<Rig> {
  const control = await startControlDatabase();
  process.env.DATABASE_URL = await cloneControlDatabase(control.url);
  process.env.REKEY_ENCRYPTION_KEY ??= randomBytes(32).toString('base64');
  process.env.NEXTAUTH_SECRET ??= randomBytes(32).toString('base64');
  process.env.REKEY_LOG_LEVEL ??= 'silent';
  const yard = new WorkerYard(TIMES);
  const targets = new Map<string, Promise<TestTarget>>();
  return {
    control,
    yard,
    target: (options = {}) => {
      const key = JSON.stringify(options);
      const target = targets.get(key) ?? startTarget(options);
      targets.set(key, target);
      return target;
    },
    stop: async () => {
      yard.killAll();
      const started = await Promise.allSettled(targets.values());
      await Promise.all(started.map((target) => target.status === 'fulfilled' && target.value.stop()));
      await control.stop();
    },
  };
}
