import { describe, expect, it } from 'vitest';
import { readAnswer } from './first-run-process.ts';

const answer = '{"setUpPath":"/setup?token=abc"}';
const warning = '{"level":40,"time":"2026-01-01T00:00:00.000Z","msg":"no worker was woken"}';

describe('the answer of the first run', () => {
  it.each([
    ['alone', [answer]],
    ['after a warning', [warning, answer]],
    ['before a warning', [answer, warning]],
    ['between warnings, one of several lines', [warning, '(node:1) Warning: "setUpPath"', '  at somewhere', answer, warning]],
  ])('is found %s', (_, lines) => {
    expect(readAnswer(`${lines.join('\n')}\n`)).toEqual({ setUpPath: '/setup?token=abc', demo: null, demoSite: 'none' });
  });

  it('is no link where somebody owns it already', () => {
    expect(readAnswer('{"setUpPath":null}\n')).toEqual({ setUpPath: null, demo: null, demoSite: 'none' });
  });

  it.each(['', warning])('is missed where there is none', (stdout) => {
    expect(() => readAnswer(stdout)).toThrow('without its answer');
  });
});
