import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { contentSecurityPolicy, SONNER_STYLES } from './content-security-policy.ts';

test('knows the styles of the installed sonner', () => {
  const code = readFileSync(createRequire(import.meta.url).resolve('sonner'), 'utf8');
  const styles = /^__insertCSS\((".*")\);?$/m.exec(code)?.[1];
  expect(SONNER_STYLES).toBe(
    `'sha256-${createHash('sha256')
      .update(JSON.parse(styles ?? '""'))
      .digest('base64')}'`,
  );
});

test('allows no inline style and no inline script without the nonce', () => {
  const policy = contentSecurityPolicy('abc', { isDev: false });
  expect(policy).not.toContain('unsafe-inline');
  expect(policy).toContain("style-src 'self' 'nonce-abc'");
});
