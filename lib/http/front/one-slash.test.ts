import { expect, it } from 'vitest';
import { oneSlash } from './one-slash.ts';

it.each([
  ['//api/v1/projects?x=//y', '/api/v1/projects?x=//y'],
  ['/api/capydb//v1/me', '/api/capydb/v1/me'],
  ['/api/v1/me', '/api/v1/me'],
  ['//projects', '//projects'],
  ['/?next=//api/', '/?next=//api/'],
])('%s is answered as %s', (asked, answered) => {
  expect(oneSlash(asked)).toBe(answered);
});
