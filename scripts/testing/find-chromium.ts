import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';

/** The browser for the tests: CHROMIUM_PATH, the system's, or the one that Playwright fetched. Undefined where there is none. */
export function findChromium(): string | undefined {
  const paths = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', chromium.executablePath()];
  return paths.find((path) => path && existsSync(path));
}
