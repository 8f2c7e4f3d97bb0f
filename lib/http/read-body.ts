import { DomainError } from '#lib/errors.ts';

/** The largest body of a request to the API. */
export const BODY_LIMIT_BYTES = 1_048_576;

const tooLarge = () => new DomainError('body_too_large', 'The body is larger than 1 MB. Nothing was changed.');

async function readLimited(body: ReadableStream<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop by the throw cancels the stream: the rest is not read.
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > BODY_LIMIT_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The body's bytes. Throws `body_too_large` past 1 MB, without reading on. */
export async function readBody(request: Request): Promise<Buffer> {
  if (Number(request.headers.get('content-length') ?? 0) > BODY_LIMIT_BYTES) throw tooLarge();
  return request.body === null ? Buffer.alloc(0) : readLimited(request.body);
}

/** The body as JSON; no body at all counts as `{}`. */
export async function readJson(request: Request): Promise<unknown> {
  const text = (await readBody(request)).toString('utf8');
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the body.
    throw new DomainError('malformed_body', 'The body is not valid JSON. Nothing was changed.');
  }
}
