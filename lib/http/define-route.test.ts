import { expect, it } from 'vitest';
import { z } from 'zod';
import { defineFileRoute, parseAll } from './define-route.ts';

const query = z.object({ action: z.string().optional() });
const list = { query, answer: z.object({ items: z.array(z.string()) }) };
const ask = (spec: Parameters<typeof parseAll>[0], search: string) => parseAll(spec, new Request(`http://rekey.test/${search}`), {});
const naming = (field: string) =>
  expect.objectContaining({ code: 'validation_failed', extras: expect.objectContaining({ fields: { [field]: [expect.any(String)] } }) });

it('a list refuses a filter that it does not know, or that is given twice', async () => {
  expect((await ask(list, '?action=a')).query).toEqual({ action: 'a' });
  await expect(ask(list, '?acton=a')).rejects.toEqual(naming('acton'));
  await expect(ask(list, '?action=a&action=b')).rejects.toEqual(naming('action'));
});

it('one thing ignores what a client adds', async () => {
  const one = { query, answer: z.object({ name: z.string() }) };
  expect((await ask(one, '?trace=1&trace=2&action=a')).query).toEqual({ action: 'a' });
});

it('a file refuses a filter that it does not know, or that is given twice', async () => {
  const { query: exact } = defineFileRoute({ access: 'audit.read', query, formats: ['csv'], handle: async () => new Response() }).description;
  expect(exact?.safeParse({ action: 'a' }).success).toBe(true);
  expect(exact?.safeParse({ acton: 'a' }).success).toBe(false);
  await expect(ask({ query: exact as z.ZodType }, '?action=a&action=b')).rejects.toEqual(naming('action'));
});
