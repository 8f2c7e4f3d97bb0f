import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { isLong } from './scripts/testing/long-files.ts';

/** What lib/kernel/env.ts asks for. Unit tests reach no server: their database address leads nowhere. */
const env = {
  DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none',
  REKEY_ENCRYPTION_KEY: 'vG1mQ0yq8lJt3o5sXr7wZk2nP9aBcDeFgHiJ4uYxT6E=',
  NEXTAUTH_SECRET: 'a-session-secret-for-tests-alone-0123456789',
  REKEY_LOG_LEVEL: 'silent',
};

const exclude = [...configDefaults.exclude, 'e2e/**', '.next/**'];

/** The longest files first: a fresh clone knows no durations to sort by, and one of them would end up alone at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(({ moduleId }) => isLong(moduleId)), ...sorted.filter(({ moduleId }) => !isLong(moduleId))];
  }
}

export default defineConfig({
  test: {
    // More than the two processors of a small machine: most files wait for servers half of their time.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      { test: { name: 'unit', env, testTimeout: 60_000, hookTimeout: 60_000, include: ['**/*.test.{ts,tsx}'], exclude: [...exclude, '**/*.int.test.ts'] } },
      {
        test: {
          name: 'int',
          env,
          include: ['**/*.int.test.ts'],
          exclude,
          pool: 'forks',
          // Generous: a loaded machine makes a test slower, not wrong.
          expect: { poll: { timeout: 30_000 } },
          testTimeout: 120_000,
          hookTimeout: 180_000,
          globalSetup: 'scripts/testing/int-global-setup.ts',
          setupFiles: 'scripts/testing/own-database.ts',
        },
      },
    ],
  },
});
