import { storeTime } from '#lib/kernel/clock.ts';

const TYPES = { csv: 'text/csv', jsonl: 'application/jsonl' };

export type FileFormat = keyof typeof TYPES;

/** The media type of each. */
export const mediaTypes = (formats: readonly FileFormat[]): string[] => formats.map((format) => TYPES[format]);

/** A response that a browser saves as `name-2026-03-01.csv`. */
export function fileResponse(content: ReadableStream<string> | string, name: string, format: FileFormat): Response {
  const body = typeof content === 'string' ? content : content.pipeThrough(new TextEncoderStream());
  const file = `${name}-${storeTime().toISOString().slice(0, 10)}.${format}`;
  return new Response(body, { headers: { 'content-type': `${TYPES[format]}; charset=utf-8`, 'content-disposition': `attachment; filename="${file}"` } });
}
