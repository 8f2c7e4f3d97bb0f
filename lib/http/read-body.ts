import { DomainError } from '#lib/kernel/errors.ts';

/** The largest body of a request to the API, but for a file to import. */
export const BODY_LIMIT_BYTES = 1_048_576;

/** Of a file to import: 10,000 rows of some 400 bytes. */
const IMPORT_BODY_LIMIT_BYTES = 4 * BODY_LIMIT_BYTES;

const IMPORT = /^\/api\/(?:capydb\/)?v1\/imports(?:\/dry-run)?\/?$/;

/** The largest body of a request to this path of the API, in bytes. */
export const apiBodyLimit = (path: string): number => (IMPORT.test(path) ? IMPORT_BODY_LIMIT_BYTES : BODY_LIMIT_BYTES);

const tooLarge = (limitBytes: number) => new DomainError('body_too_large', `The body is larger than ${limitBytes / BODY_LIMIT_BYTES} MB. Nothing was changed.`);

async function readLimited(body: ReadableStream<Uint8Array>, limitBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop by the throw cancels the stream: the rest is not read.
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > limitBytes) throw tooLarge(limitBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The body's bytes. Throws `body_too_large` past the limit of its path, without reading on. */
export async function readBody(request: Request): Promise<Buffer> {
  const limitBytes = apiBodyLimit(new URL(request.url).pathname);
  if (Number(request.headers.get('content-length') ?? 0) > limitBytes) throw tooLarge(limitBytes);
  return request.body === null ? Buffer.alloc(0) : readLimited(request.body, limitBytes);
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
