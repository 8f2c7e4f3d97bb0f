// Browsers heed Strict-Transport-Security over TLS only (RFC 6797, 8.1), so it may always be sent.
const EVERYWHERE = {
  'Strict-Transport-Security': 'max-age=31536000',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=()',
};
const NO_PAGE = { 'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'" };
const asList = (headers) => Object.entries(headers).map(([key, value]) => ({ key, value }));

/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  // `npm run types` checks them; the build at the first start need not again.
  typescript: { ignoreBuildErrors: true },
  // A build is made once for a version: a cache for the next one, and maps that nothing reads, cost a fifth of its time.
  experimental: { turbopackFileSystemCacheForBuild: false, turbopackSourceMaps: false },
  serverExternalPackages: ['pg', 'pg-boss', 'pino', '@node-rs/argon2', 'libsodium-wrappers', '@zxcvbn-ts/core', '@zxcvbn-ts/language-common'],
  // Pages get their policy, with a nonce, from proxy.ts.
  headers: async () => [
    { source: '/:path*', headers: asList(EVERYWHERE) },
    ...['/api/:path*', '/metrics'].map((source) => ({ source, headers: asList(NO_PAGE) })),
  ],
  // A client that follows no redirects gets its answer under an address with a slash at its end too.
  skipTrailingSlashRedirect: true,
  // Both documented base URLs reach the same handlers.
  rewrites: async () => [{ source: '/api/capydb/v1/:path*', destination: '/api/v1/:path*' }],
};
