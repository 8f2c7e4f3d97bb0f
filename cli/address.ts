import { CommandFailure, EXIT } from './exit-codes.ts';

const isLoopback = (host: string): boolean => host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host);

const failure = (name: string, problem: string) =>
  new CommandFailure(EXIT.usage, `${name}: ${problem}. Use the address of Rekey, such as https://rekey.example.com.`);

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

/**
 * Returns the key without surrounding white space.
 * @throws {CommandFailure} where it is empty or cannot be sent in a header
 */
export function readKeyText(text: string, name: string): string {
  const key = text.trim();
  if (key === '') throw new CommandFailure(EXIT.usage, `${name}: the API key is empty. Nothing was sent.`);
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new CommandFailure(EXIT.usage, `${name}: an API key is one word such as rk_live_…, without spaces or line breaks. Nothing was sent.`);
  return key;
}

/** True where the API key would cross a network unencrypted. */
export const isUnencrypted = (address: string): boolean => address.startsWith('http:') && !isLoopback(new URL(address).hostname);
