/** The longest slug, as long as a DNS label. */
export const SLUG_MAX_LENGTH = 63;

/** Returns a slug of lowercase letters, digits and hyphens, or `fallback` if the name contains none. */
export function slugOf(name: string, fallback: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '');
  return plain.slice(0, SLUG_MAX_LENGTH).replace(/-$/, '') || fallback;
}
