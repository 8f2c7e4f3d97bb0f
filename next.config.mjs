/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  // `npm run types` checks them; the build at the first start need not again.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ['pg', 'pg-boss', 'pino', '@node-rs/argon2'],
  // Both documented base URLs reach the same handlers.
  rewrites: async () => [{ source: '/api/capydb/v1/:path*', destination: '/api/v1/:path*' }],
};
