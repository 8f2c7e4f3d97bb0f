const TYPES = { csv: 'text/csv; charset=utf-8', jsonl: 'application/jsonl; charset=utf-8' };

/** An answer that a browser saves as `name-2026-03-01.csv`. */
export function fileResponse(content: ReadableStream<string> | string, name: string, format: keyof typeof TYPES): Response {
  const body = typeof content === 'string' ? content : content.pipeThrough(new TextEncoderStream());
  const file = `${name}-${new Date().toISOString().slice(0, 10)}.${format}`;
  return new Response(body, { headers: { 'content-type': TYPES[format], 'content-disposition': `attachment; filename="${file}"` } });
}
