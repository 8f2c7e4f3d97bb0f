import fc from 'fast-check';
import { expect, it } from 'vitest';
import { answerText } from './answer-text.ts';

it.each([
  ['{ "ok": true }\r\n\tß 漢 🙂', '{ "ok": true }\n\tß 漢 🙂'],
  ['a\u0000b\u001b[31mc\u0007', 'ab[31mc'],
  ['\u202egnp.exe\u2066\u200b\ufeff', 'gnp.exe'],
])('%j is kept as %j', (text, kept) => {
  expect(answerText(Buffer.from(text))).toBe(kept);
});

it('leaves out the character that the limit has cut', () => {
  expect(answerText(Buffer.from('ok 漢').subarray(0, 5))).toBe('ok ');
});

it('makes of any bytes a text that PostgreSQL takes and a terminal may show', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const text = answerText(bytes);
      expect(text.isWellFormed()).toBe(true);
      expect(text).not.toMatch(/[^\P{C}\t\n]/u);
    }),
  );
});
