/** A path on this site from what a query says, or `/`: nobody is sent elsewhere after the sign-in. */
export function localPath(value: string | string[] | undefined): string {
  if (typeof value !== 'string') return '/';
  const here = 'http://rekey.invalid';
  const url = URL.canParse(value, here) ? new URL(value, here) : null;
  return url && url.origin === here && value.startsWith('/') ? url.pathname + url.search : '/';
}
