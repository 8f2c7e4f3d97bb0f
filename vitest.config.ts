import { configDefaults, defineConfig } from 'vitest/config';

/** What lib/env.ts asks for. Unit tests reach no server: their database address leads nowhere. */
const env = {
  DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none',
  REKEY_ENCRYPTION_KEY: 'vG1mQ0yq8lJt3o5sXr7wZk2nP9aBcDeFgHiJ4uYxT6E=',
  NEXTAUTH_SECRET: 'a-session-secret-for-tests-alone-0123456789',
  REKEY_LOG_LEVEL: 'silent',
};

const exclude = [...configDefaults.exclude, 'e2e/**', '.next/**'];

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { name: 'unit', env, testTimeout: 20_000, include: ['**/*.test.{ts,tsx}'], exclude: [...exclude, '**/*.int.test.ts'] } },
      {
        test: {
          name: 'int',
          env,
          include: ['**/*.int.test.ts'],
          exclude,
          pool: 'forks',
          testTimeout: 30_000,
          hookTimeout: 60_000,
          globalSetup: 'scripts/testing/int-global-setup.ts',
          setupFiles: 'scripts/testing/own-database.ts',
        },
      },
    ],
  },
});
