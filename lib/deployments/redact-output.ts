import { percentEncode } from '#lib/contract/snippets/connection-url.ts';

/** Shorter values and lines are not redacted, since they would match everywhere. */
const SHORTEST = 4;

/** How programs print a value: as it is, in a URL or a form, in JSON, in base64; and a certificate's key line by line. */
const printed = (value: string): string[] => [
  value,
  percentEncode(value),
  encodeURIComponent(value),
  new URLSearchParams({ '': value }).toString().slice(1),
  JSON.stringify(value).slice(1, -1),
  Buffer.from(value).toString('base64'),
  ...value.split('\n').map((line) => line.trim()),
];

/** Returns the output of a deploy hook with the given values replaced by `[redacted]`. */
export function redactOutput(text: string, values: readonly string[]): string {
  const forms = [...new Set(values.filter(({ length }) => length >= SHORTEST).flatMap(printed))].filter(({ length }) => length >= SHORTEST);
  return forms.sort((a, b) => b.length - a.length).reduce((rest, form) => rest.replaceAll(form, '[redacted]'), text);
}
