import { CommandFailure, EXIT } from './exit-codes.ts';

const isLoopback = (host: string): boolean => host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host);

const failure = (name: string, problem: string) =>
  new CommandFailure(EXIT.usage, `${name}: ${problem}. Give the address of Rekey, such as https://rekey.example.com.`);

/**
 * Returns the address of Rekey as an origin and path, without a trailing slash. An address without a scheme is HTTPS, on loopback HTTP.
 * @param name what the address was given as, for the error
 * @throws {CommandFailure} where it is not an HTTP address or carries a user or password
 */
export function readAddress(text: string, name: string): string {
  const hasScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(text.trim());
  const full = hasScheme ? text.trim() : `https://${text.trim()}`;
  if (!URL.canParse(full)) throw failure(name, 'this is not an address');
  const url = new URL(full);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw failure(name, `${url.protocol}// is not HTTP`);
  if (url.username || url.password) throw failure(name, 'the address contains a user or password');
  if (!hasScheme && isLoopback(url.hostname)) url.protocol = 'http:';
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** True where the API key would cross a network unencrypted. */
export const isUnencrypted = (address: string): boolean => address.startsWith('http:') && !isLoopback(new URL(address).hostname);
