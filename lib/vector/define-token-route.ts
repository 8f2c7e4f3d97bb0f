import type { z } from 'zod';
import { envelopeOf, vectorError } from '#lib/contract/vector/envelope.ts';
import { answerRequest } from '#lib/http/answer-request.ts';
import { type DescribedHandler, type NOTHING, type Parsed, parseAll, type Schema } from '#lib/http/define-route.ts';
import { countStranger } from '#lib/http/limit-requests.ts';
import { vectorRefusal } from '#lib/http/vector-refusal.ts';
import type { Origin } from '#lib/kernel/context.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { readOrigin } from '#lib/kernel/read-origin.ts';

interface TokenSpec<P extends Schema, B extends Schema, D extends Schema> {
  params: P;
  body?: B;
  data: D;
  message: string;
  handle: (origin: Origin, token: string, input: Parsed<P, typeof NOTHING, B>) => Promise<z.input<D>>;
}

/** A route of the sites dialect for a machine with a token of its own (`Authorization: Bearer`), not for keys and people. */
export function defineTokenRoute<P extends Schema, D extends Schema, B extends Schema = typeof NOTHING>(spec: TokenSpec<P, B, D>): DescribedHandler {
  const handler = (request: Request, segment: { params: Promise<unknown> }) =>
    answerRequest(
      request,
      async (requestId) => {
        const token = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
        if (!token) throw new DomainError('unauthenticated', 'Send the call’s token as `Authorization: Bearer …`.');
        const input = await parseAll<P, typeof NOTHING, B>(spec, request, await segment.params);
        const answer = await spec.handle(readOrigin(request.headers, requestId), token, input).catch((error: unknown) => {
          if (error instanceof DomainError && error.code === 'unauthenticated') return countStranger(request)(error);
          throw error;
        });
        const data = spec.data.parse(answer);
        return Response.json({ data, message: spec.message, http_status: 200 });
      },
      vectorRefusal,
    );
  return Object.assign(handler, { description: { ...spec, access: null, answer: envelopeOf(spec.data), refusal: vectorError } });
}
