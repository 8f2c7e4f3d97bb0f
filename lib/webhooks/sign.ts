import { createHmac, createSecretKey } from 'node:crypto';
import type { Secret } from '#lib/crypto/secret.ts';

export const SECRET_MARK = 'whsec_';

export interface Signed {
  id: string;
  /** Seconds since 1970. */
  timestamp: number;
  /** The bytes that are sent. */
  body: string;
}

/** The headers of Standard Webhooks (standardwebhooks.com, 1.0): one signature for each secret, so that a receiver may change over in its own time. */
export function signWebhook({ id, timestamp, body }: Signed, secrets: Secret[]): Record<string, string> {
  const signatures = secrets.map((secret) => {
    // A key object: with bare bytes Node takes several times as long.
    const key = createSecretKey(secret.reveal().slice(SECRET_MARK.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signatures.join(' ') };
}
