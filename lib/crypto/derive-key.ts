import { hkdfSync } from 'node:crypto';
import { env } from '#lib/kernel/env.ts';

/** What a key derived from NEXTAUTH_SECRET is for. */
type Purpose = 'session' | 'csrf' | 'device' | 'idempotency';

/** The key for one purpose: 32 bytes in base64url, by HKDF-SHA-256 from NEXTAUTH_SECRET. One that leaks tells nothing about the others. */
export const deriveKey = (purpose: Purpose): string => Buffer.from(hkdfSync('sha256', env.NEXTAUTH_SECRET, '', `rekey ${purpose}`, 32)).toString('base64url');
