import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

it('gives equal values the same bytes, whatever the order of their keys', () => {
  expect(canonicalJson({ b: [{ d: 1, c: null }], a: 'é' })).toBe('{"a":"é","b":[{"c":null,"d":1}]}');
  expect(canonicalJson({ 10: 1, 9: 2 })).toBe(canonicalJson({ 9: 2, 10: 1 }));
});

it('tells apart what differs', () => {
  fc.assert(
    fc.property(fc.json(), fc.json(), (a, b) => {
      const [x, y] = [JSON.parse(a), JSON.parse(b)];
      fc.pre(canonicalJson(x) === canonicalJson(y));
      expect(x).toEqual(y);
    }),
  );
});
