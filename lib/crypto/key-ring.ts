import { env } from '#lib/kernel/env.ts';
import type { KeyRing } from './key-encryption-key.ts';
import { readKeyRing } from './read-key-ring.ts';

let known: KeyRing | undefined;

/** The keys of this process. Throws KeySettingError where the settings give none, or a wrong one. */
export function keyRing(): KeyRing {
  known ??= readKeyRing(env);
  return known;
}
