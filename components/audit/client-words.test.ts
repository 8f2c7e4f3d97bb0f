import { expect, test } from 'vitest';
import { clientWords } from './client-words.ts';

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', 'Firefox on Linux'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0', 'Edge on Windows'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15', 'Safari on macOS'],
  ['curl/8.5.0', 'curl'],
  ['rekey-cli/0.1.0', 'rekey-cli'],
])('%s', (userAgent, words) => {
  expect(clientWords(userAgent)).toBe(words);
});
