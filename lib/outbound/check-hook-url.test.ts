import { expect, it } from 'vitest';
import { isHookAllowed } from './check-hook-url.ts';

it.each([
  ['https://deploy.example.com/h', true],
  ['http://deploy.example.com/h', false],
  ['http://10.0.0.1/h', false],
  ['http://localhost/h', false],
  ['http://127.0.0.1:9000/h', true],
  ['http://127.8.9.1/h', true],
  ['http://[::1]:9000/h', true],
  ['http://[::ffff:127.0.0.1]/h', true],
  ['http://2130706433/h', true],
  ['http://127.0.0.1.example.com/h', false],
  ['http://deploy.internal:8080/h', true],
  ['http://DEPLOY.internal/h', true],
  ['http://other.deploy.internal/h', false],
  ['http://deploy.internal.example.com/h', false],
  ['ftp://deploy.internal/h', false],
  ['not a url', false],
])('%s: %s', (url, isAllowed) => {
  expect(isHookAllowed(url, ['deploy.internal'])).toBe(isAllowed);
});
