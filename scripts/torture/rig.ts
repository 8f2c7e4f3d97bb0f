import { randomBytes } from 'node:crypto';
import { startTarget, type TargetOptions, type TestTarget } from '#scripts/servers/test-target.ts';
import { type ControlDatabase, cloneControlDatabase, startControlDatabase } from '#scripts/testing/control-database.ts';
import type { ProviderFakes } from '#scripts/testing/provider-fakes.ts';
import { lazy } from './lazy.ts';
import type { Abandoned } from './subject.ts';
import { WorkerYard } from './worker-process.ts';

/** The servers of a run, each started when it is first asked for, and its workers. */
export interface Rig {
  control: ControlDatabase;
  yard: WorkerYard;
  /** Has somebody take over from a worker that was killed. */
  takeOver: (asked: Abandoned[], environment?: Record<string, string>) => Promise<unknown>;
  /** A target; the same one for the same options. */
  target: (options?: TargetOptions) => Promise<TestTarget>;
  /** The three providers, started when they are first asked for; a worker is given their addresses by their `env`. */
  providers: () => Promise<ProviderFakes>;
  /** Has this stopped with the rest. */
  stopAtEnd: (one: { stop: () => Promise<void> }) => void;
  stop: () => Promise<void>;
}

/** Waits of a worker, in ms, so short that rounds are many; and receivers on this machine. */
const SETTINGS = {
  REKEY_BACKOFF_MS: '100',
  REKEY_ATTENTION_MS: '500',
  REKEY_FAILED_LOGINS_MINUTES: '0.01',
  REKEY_POOLER_RETRY_MS: '30,60',
  REKEY_TRANSACTION_MS: '5000',
  REKEY_OUTBOUND_ALLOW: '127.0.0.0/8',
};

/**
 * Starts the store and lets this process use it: modules that read the environment may be imported only afterwards.
 * `recovery: 'here'` takes over from killed workers in this process, which costs less than a fresh worker.
 */
export async function startRig({ recovery = 'worker' }: { recovery?: 'worker' | 'here' } = {}): Promise<Rig> {
  const control = await startControlDatabase();
  process.env.DATABASE_URL = await cloneControlDatabase(control.url);
  process.env.REKEY_ENCRYPTION_KEY ??= randomBytes(32).toString('base64');
  process.env.NEXTAUTH_SECRET ??= randomBytes(32).toString('base64');
  Object.assign(process.env, SETTINGS, { REKEY_LOG_LEVEL: 'silent' });
  const yard = new WorkerYard({ ...SETTINGS, REKEY_LOG_LEVEL: 'info' });
  const targets = new Map<string, Promise<TestTarget>>();
  const others: { stop: () => Promise<void> }[] = [];
  return {
    control,
    yard,
    takeOver:
      recovery === 'worker' ? (_asked, environment) => yard.start(environment) : async (asked) => (await import('./recover-here.ts')).recoverHere(asked),
    target: (options = {}) => {
      const key = JSON.stringify(options);
      const target = targets.get(key) ?? startTarget(options);
      targets.set(key, target);
      return target;
    },
    providers: lazy(async () => {
      const fakes = await (await import('#scripts/testing/provider-fakes.ts')).startProviderFakes();
      others.push(fakes);
      // This process has read its environment already.
      const { REKEY_OUTBOUND_ALLOW: _, ...addresses } = fakes.env;
      Object.assign((await import('#lib/kernel/env.ts')).env, addresses);
      return fakes;
    }),
    stopAtEnd: (one) => void others.push(one),
    stop: async () => {
      yard.killAll();
      await Promise.all(others.map((one) => one.stop()));
      const started = await Promise.allSettled(targets.values());
      await Promise.all(started.map((target) => target.status === 'fulfilled' && target.value.stop()));
      await control.stop();
    },
  };
}
