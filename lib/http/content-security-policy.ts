/** The hash of an empty style element: sonner adds one to the page before it fills it, and both are checked. */
const EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";
/** The hash of the style sheet that sonner injects without a nonce. A test compares it with the package. */
export const SONNER_STYLES = "'sha256-StEaX+se6YS7pqjzrzMIA0KaX9zF/8zAhvQXZAe5epY='";

/**
 * The policy of a page (CSP level 3): scripts run only with the nonce of this very answer, or where one that has it loads
 * them; styles come from our own files, with the nonce, or from sonner; nothing comes from elsewhere, and nobody may
 * frame it. Style attributes in HTML are refused: React and Radix set them through the CSSOM, which needs no permission.
 */
export function contentSecurityPolicy(nonce: string, { isDev }: { isDev: boolean }): string {
  return [
    "default-src 'self'",
    // React's development build evaluates the stacks that come from the server.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDev ? " 'unsafe-eval'" : ''}`,
    // The development server puts in style sheets as they change, without a nonce.
    isDev ? "style-src 'self' 'unsafe-inline'" : `style-src 'self' 'nonce-${nonce}' ${EMPTY_STYLE} ${SONNER_STYLES}`,
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
