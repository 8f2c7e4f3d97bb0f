import { DomainError } from '#lib/errors.ts';

const LIMIT_BYTES = 1_048_576;

const tooLarge = () => new DomainError('body_too_large', 'The body is larger than 1 MB. Nothing was changed.');

async function readLimited(body: ReadableStream<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop by the throw cancels the stream: the rest is not read.
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > LIMIT_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The body as JSON; no body at all counts as `{}`. Stops reading past 1 MB. */
export async function readJson(request: Request): Promise<unknown> {
  if (Number(request.headers.get('content-length') ?? 0) > LIMIT_BYTES) throw tooLarge();
  const text = request.body === null ? '' : (await readLimited(request.body)).toString('utf8');
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the body.
    throw new DomainError('malformed_body', 'The body is not valid JSON. Nothing was changed.');
  }
}
