/** Stands for the password of a URL while it is edited. */
const DOTS = '••••';

/** scheme://user, the password, and all from the last @ on. */
const PARTS = /^([a-z][a-z0-9+.-]*:\/\/[^:@/]*):([\s\S]*)(@[^@]*)$/i;

/** A URL as it may be shown: where it is not clear which part is the password, nothing of it. */
export function maskUrl(url: string): string {
  const [, before, , after] = PARTS.exec(url) ?? [];
  if (before !== undefined) return `${before}:${DOTS}${after}`;
  const hasNoPassword = /^[a-z][a-z0-9+.-]*:\/\/[^:@/]*@[^@]*$/i.test(url);
  return url === '' || hasNoPassword ? url : DOTS;
}

/** What was typed over a masked URL, with the password of `url` where its dots still stand. */
export function unmaskUrl(typed: string, url: string): string {
  if (typed === DOTS) return url;
  const [, , password] = PARTS.exec(url) ?? [];
  return password === undefined ? typed : typed.replace(`:${DOTS}@`, () => `:${password}@`);
}
