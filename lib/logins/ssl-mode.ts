import type { SslMode } from '#generated/prisma/enums.ts';
import type { TlsMode } from '#lib/engines/engine.ts';

// A Prisma enum's names carry no hyphen.
const WIRE = { disable: 'disable', prefer: 'prefer', require: 'require', verify_ca: 'verify-ca', verify_full: 'verify-full' } as const satisfies Record<
  SslMode,
  TlsMode
>;
const STORED = { disable: 'disable', prefer: 'prefer', require: 'require', 'verify-ca': 'verify_ca', 'verify-full': 'verify_full' } as const satisfies Record<
  TlsMode,
  SslMode
>;

export const sslModeToWire = (mode: SslMode): TlsMode => WIRE[mode];
export const sslModeToStore = (mode: TlsMode): SslMode => STORED[mode];
