import { createHmac } from 'node:crypto';
import type { Try } from './dialect.ts';

/**
 * `t=<seconds since 1970>,v1=<hex>`: the HMAC-SHA256 of "<t>.<body>" under the secret as it is written, `whsec_` and
 * all. One signature: the published recipes read a header of several as the last one alone.
 */
export function timedSignature({ body, secrets: [secret], at }: Pick<Try, 'body' | 'secrets' | 'at'>): string {
  const timestamp = Math.floor(at.getTime() / 1000);
  return `t=${timestamp},v1=${createHmac('sha256', secret?.reveal() ?? '')
    .update(`${timestamp}.${body}`)
    .digest('hex')}`;
}
