import { expect, it } from 'vitest';
import { readCookies } from './read-cookies.ts';

const read = (cookie: string) => Object.fromEntries(readCookies({ headers: new Headers({ cookie }) }));

it.each<[string, Record<string, string>]>([
  ['', {}],
  ['a=1', { a: '1' }],
  ['a=1; b=x%7Cy;c="3"', { a: '1', b: 'x|y', c: '3' }],
  ['a=1; a=2', { a: '1' }],
  ['a=b=c; flag; =x; d=', { a: 'b=c', d: '' }],
  ['a=%; b=1', { a: '%', b: '1' }],
  ['__proto__=1', JSON.parse('{"__proto__":"1"}')],
])('reads %j', (header, cookies) => {
  expect(read(header)).toEqual(cookies);
});
