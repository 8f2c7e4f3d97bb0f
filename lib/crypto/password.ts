import { randomBytes } from 'node:crypto';
import { Secret } from './secret.ts';

/**
 * A new password: 24 random bytes as base64url, 32 characters.
 * None of them needs escaping in a URL, a shell, a .env file, YAML, JSON or PHP. One that begins or ends with a sign is
 * drawn again: the first may read as an option or a formula, the last falls off where text is turned into a link.
 */
export function generatePassword(random: (size: number) => Buffer = randomBytes): Secret {
  for (;;) {
    const text = random(24).toString('base64url');
    if (/^[A-Za-z0-9].*[A-Za-z0-9]$/.test(text)) return new Secret(text);
  }
}
