import type { z } from 'zod';
import { envelopeOf, listEnvelopeOf, type PageQuery, vectorError } from '#lib/contract/vector/envelope.ts';
import { answerAuthorized, type DescribedHandler, type NOTHING, type Parsed, type Schema, type Wanted } from '#lib/http/define-route.ts';
import { vectorRefusal } from '#lib/http/vector-refusal.ts';
import type { Context } from '#lib/kernel/context.ts';
import { describePage, type Page } from '#lib/paging/vector-page.ts';

type Status = 200 | 201 | 202;

interface VectorSpec<P extends Schema, Q extends Schema, B extends Schema, D extends Schema> extends Wanted<P, Q, B> {
  /** What `data` may hold: what leaves is parsed with it. */
  data: D;
  message: string;
  status?: Status;
  /** Where the status depends on what is answered, with its message. */
  statusOf?: (data: z.output<D>) => { status: Status; message: string };
  handle: (context: Context, input: Parsed<P, Q, B>) => Promise<z.input<D>>;
}

/** A route handler of the sites dialect: as `defineRoute`, with `{data, message, http_status}` around the answer. */
export function defineVectorRoute<D extends Schema, P extends Schema = typeof NOTHING, Q extends Schema = typeof NOTHING, B extends Schema = typeof NOTHING>(
  spec: VectorSpec<P, Q, B, D>,
): DescribedHandler {
  const handler = answerAuthorized(
    spec,
    async (context, input) => {
      const data = spec.data.parse(await spec.handle(context, input)) as z.output<D>;
      const { status, message } = spec.statusOf?.(data) ?? { status: spec.status ?? 200, message: spec.message };
      return Response.json({ data, message, http_status: status }, { status });
    },
    vectorRefusal,
  );
  return Object.assign(handler, { description: { ...spec, answer: envelopeOf(spec.data), refusal: vectorError } });
}

interface VectorListSpec<P extends Schema, Q extends z.ZodType<PageQuery>, I extends Schema> extends Wanted<P, Q, typeof NOTHING> {
  item: I;
  message: string;
  query: Q;
  handle: (context: Context, input: Parsed<P, Q, typeof NOTHING>) => Promise<Page<z.input<I>>>;
}

/** A route handler that answers a page of a list, with `links` and `meta`. */
export function defineVectorList<I extends Schema, Q extends z.ZodType<PageQuery>, P extends Schema = typeof NOTHING>(
  spec: VectorListSpec<P, Q, I>,
): DescribedHandler {
  const envelope = listEnvelopeOf(spec.item);
  const handler = answerAuthorized(
    spec,
    async (context, input, request) => {
      const page = await spec.handle(context, input);
      const body = { data: page.items, message: spec.message, http_status: 200, ...describePage(request, input.query, page) };
      return Response.json(envelope.parse(body));
    },
    vectorRefusal,
  );
  return Object.assign(handler, { description: { ...spec, answer: envelope, refusal: vectorError } });
}
