import { test as base, expect } from '@playwright/test';

export { expect };

interface Fixtures {
  /** What a page may say in the console without failing the test: `test.use({ expectedConsole: [/404/] })` where it is provoked. */
  expectedConsole: RegExp[];
  /** Fails the test when a page logged an error, threw one, or loaded something that is not there. */
  noConsoleErrors: undefined;
}

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
});
