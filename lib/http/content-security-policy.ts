/**
 * The policy of a page (CSP level 3): scripts run only with the nonce of this very answer, or where one that has it loads
 * them; nothing comes from elsewhere, and nobody may frame it. Radix and sonner set style attributes, which no nonce covers.
 */
export function contentSecurityPolicy(nonce: string, { isDev }: { isDev: boolean }): string {
  return [
    "default-src 'self'",
    // React's development build evaluates the stacks that come from the server.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDev ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
