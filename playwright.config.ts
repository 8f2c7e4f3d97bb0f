import { defineConfig } from '@playwright/test';
import { findChromium } from '#scripts/testing/find-chromium.ts';
import { METRICS_TOKEN } from './e2e/metrics-token.ts';
import { OWNER_STATE } from './e2e/owner.ts';
import { PROVIDER_PORTS } from './e2e/provider-ports.ts';

const port = 3190;
const isCi = Boolean(process.env.CI);

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/e2e',
  // One Rekey with one demonstration for all: tests run one after the other.
  workers: 1,
  forbidOnly: isCi,
  // Generous: a loaded machine makes a test slower, not wrong.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    // Pictures of every step would cost more than the steps.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false },
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: findChromium(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'set-up', testMatch: '*.setup.ts' },
    { name: 'signed in', testIgnore: '*canary.spec.ts', dependencies: ['set-up'], use: { storageState: OWNER_STATE } },
    // Last: it looks at what all the others left behind.
    { name: 'canary', testMatch: '*canary.spec.ts', dependencies: ['signed in'], use: { storageState: OWNER_STATE } },
  ],
  webServer: {
    command: `exec node scripts/testing/e2e-server.ts --port ${port}`,
    env: {
      REKEY_METRICS_TOKEN: METRICS_TOKEN,
      REKEY_VERCEL_API_URL: `http://127.0.0.1:${PROVIDER_PORTS.vercel}`,
      REKEY_NETLIFY_API_URL: `http://127.0.0.1:${PROVIDER_PORTS.netlify}`,
      REKEY_GITHUB_API_URL: `http://127.0.0.1:${PROVIDER_PORTS.github}`,
    },
    // The launcher prints the link last; the tests find it as process.env.REKEY_SETUP_URL.
    wait: { stdout: /(?<rekey_setup_url>http:\/\/\S+\/setup\?token=[\w-]+)/ },
    timeout: 900_000,
    stdout: 'pipe',
    gracefulShutdown: { signal: 'SIGTERM', timeout: 60_000 },
  },
});
