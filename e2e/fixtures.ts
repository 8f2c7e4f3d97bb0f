import { statSync, utimesSync } from 'node:fs';
import { test as base, expect } from '@playwright/test';
import { OWNER, OWNER_STATE } from './owner.ts';

export { expect };

interface Fixtures {
  /** What a page may say in the console without failing the test: `test.use({ expectedConsole: [/404/] })` where it is provoked. */
  expectedConsole: RegExp[];
  /** Fails the test when a page logged an error, threw one, or loaded something that is not there. */
  noConsoleErrors: undefined;
  /** The suite outlasts the five minutes of a password: the owner gives it again, as seldom as the throttle of sign-ins wants it. */
  freshOwner: undefined;
}

/** The file of the owner's session is as old as the password in it. */
const CONFIRM_AFTER_MS = 180_000;
const isOld = () => Date.now() - statSync(OWNER_STATE).mtimeMs > CONFIRM_AFTER_MS;

export const test = base.extend<Fixtures>({
  expectedConsole: [[], { option: true }],
  noConsoleErrors: [
    async ({ context, expectedConsole }, use) => {
      const errors: string[] = [];
      context.on('console', (message) => message.type() === 'error' && errors.push(`${message.text()} (${message.location().url})`));
      context.on('weberror', (error) => errors.push(String(error.error())));
      await use(undefined);
      expect(errors.filter((text) => !expectedConsole.some((expected) => expected.test(text)))).toEqual([]);
    },
    { auto: true },
  ],
  freshOwner: [
    async ({ context, storageState, baseURL }, use) => {
      if (storageState === OWNER_STATE && isOld()) {
        const answer = await context.request.post('/api/v1/me/confirm', { headers: { origin: baseURL ?? '' }, data: { password: OWNER.password } });
        expect(answer.status()).toBe(204);
        utimesSync(OWNER_STATE, new Date(), new Date());
      }
      await use(undefined);
    },
    { auto: true },
  ],
});
