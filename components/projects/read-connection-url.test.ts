import { expect, test } from 'vitest';
import { readConnectionUrl } from './read-connection-url.ts';

test('it shows role, host, port and database', () => {
  expect(readConnectionUrl(' postgresql://shop_app:p%40ss@pg-1.internal:6432/shop?sslmode=require ')).toEqual({
    role: 'shop_app',
    host: 'pg-1.internal',
    port: '6432',
    database: 'shop',
  });
});

test('the port is 5432 where none stands, whatever else stands', () => {
  expect(readConnectionUrl('postgres://a:b@[::1]/d%20b')).toEqual({ role: 'a', host: '[::1]', port: '5432', database: 'd b' });
  expect(readConnectionUrl('postgres://a:b@h:80/d')?.port).toBe('80');
  expect(readConnectionUrl('mariadb://a:b@h/d')?.port).toBe('3306');
});

test('what cannot be read is null, not an error', () => {
  for (const text of ['', 'http://a:b@h/d', 'postgresql://', 'postgresql://h/d', 'postgresql://a:b@h:port/d', 'postgresql://a:b@h/%E0'])
    expect(readConnectionUrl(text)).toBeNull();
});
