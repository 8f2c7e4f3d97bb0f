/** A value that was not encoded, or badly, stands as it is. */
function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** The cookies of a request, by their names; of two that have the same name the first, which is the one of the longer path (RFC 6265, 5.4). */
export function readCookies({ headers }: Pick<Request, 'headers'>): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (headers.get('cookie') ?? '').split(';')) {
    const [, name, value = ''] = /^\s*([^=\s]+)=\s*"?([^"]*?)"?\s*$/.exec(pair) ?? [];
    if (name !== undefined && !cookies.has(name)) cookies.set(name, decode(value));
  }
  return cookies;
}
