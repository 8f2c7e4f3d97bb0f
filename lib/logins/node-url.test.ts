import { expect, it } from 'vitest';
import { nodeUrl } from './node-url.ts';

it.each([
  ['postgresql', 'postgres://u:p@h/d?sslmode=require', 'postgres://u:p@h/d?sslmode=require&uselibpqcompat=true'],
  ['postgresql', 'postgres://u:p@h/d?schema=a&sslmode=verify-ca', 'postgres://u:p@h/d?schema=a&sslmode=verify-full'],
  ['postgresql', 'postgres://u:p@h/d?sslmode=verify-ca&sslrootcert=ca.pem', 'postgres://u:p@h/d?sslmode=verify-ca&sslrootcert=ca.pem&uselibpqcompat=true'],
  ['postgresql', 'postgres://u:p@h/d?sslmode=require&uselibpqcompat=true', 'postgres://u:p@h/d?sslmode=require&uselibpqcompat=true'],
  ['postgresql', 'postgres://u:p@h/d?sslmode=verify-full', 'postgres://u:p@h/d?sslmode=verify-full'],
  ['postgresql', 'postgres://u:p@h/d', 'postgres://u:p@h/d'],
  ['mysql', 'mysql://u:p@h/d?ssl-mode=REQUIRED', `mysql://u:p@h/d?ssl=${encodeURIComponent('{"rejectUnauthorized":false}')}`],
  ['mysql', 'mysql://u:p@h/d?charset=utf8mb4&ssl-mode=VERIFY_IDENTITY', `mysql://u:p@h/d?charset=utf8mb4&ssl=${encodeURIComponent('{"verifyIdentity":true}')}`],
  ['mysql', 'mysql://u:p@h/d?ssl-mode=DISABLED', 'mysql://u:p@h/d'],
] as const)('%s: %s is written %s for Node’s drivers', (engine, url, written) => {
  expect(nodeUrl(engine, url)).toBe(written);
});
