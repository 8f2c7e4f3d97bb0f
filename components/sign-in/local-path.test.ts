import { expect, test } from 'vitest';
import { localPath } from './local-path.ts';

test('a path on this site is kept', () => {
  expect(localPath('/projects/prj_1/activity?job=job_1')).toBe('/projects/prj_1/activity?job=job_1');
});

test('whatever leads elsewhere becomes /', () => {
  for (const value of [undefined, ['/a', '/b'], '//evil.example', '/\\evil.example', 'https://evil.example/', 'javascript:alert(1)', 'a'])
    expect(localPath(value)).toBe('/');
});
