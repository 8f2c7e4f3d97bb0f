import { resolveContext } from '#lib/auth/resolve-context.ts';
import type { LiveEvent } from '#lib/contract/common.ts';
import type { Context } from '#lib/kernel/context.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { connectFeed, subscribe } from '#lib/queue/change-feed.ts';
import { countStranger } from './limit-requests.ts';

const BEATS_PER_CHECK = 5;
const HEADERS = { 'content-type': 'text/event-stream', 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' };

const encoder = new TextEncoder();

async function memberContext(request: Request, requestId: string): Promise<Context> {
  const context = await resolveContext(request, requestId);
  if (context.actor.kind !== 'user') throw new DomainError('forbidden', 'The live stream is for signed-in people. With an API key, poll the job.');
  return context;
}

/**
 * Server-sent events: what changed in the organization (`{kind, id}`, to be asked for again) and an event `beat`
 * every two seconds, as long as the store is heard: a page that gets none is not live. Ends with the session: at once
 * where it is revoked or who has it is no longer a member, else within ten seconds.
 */
export async function openLiveStream(request: Request, requestId: string): Promise<Response> {
  const { organizationId, actor } = await memberContext(request, requestId).catch(countStranger(request));
  await connectFeed();
  let stop = () => {};
  const start = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    const send = (text: string) => controller.enqueue(encoder.encode(text));
    let isOver = false;
    let beats = 0;
    const beat = () => {
      send('event: beat\ndata: {}\n\n');
      beats += 1;
      if (beats % BEATS_PER_CHECK === 0) check();
    };
    const check = () => void memberContext(request, requestId).catch(end);
    const end = () => {
      if (isOver) return;
      stop();
      controller.close();
    };
    const onChange = (event: LiveEvent) => {
      send(`data: ${JSON.stringify(event)}\n\n`);
      if ((event.kind === 'member' || event.kind === 'session') && event.id === actor.id) check();
    };
    const unsubscribe = subscribe({ organizationId, onChange, onBeat: beat, onLost: end });
    stop = () => {
      isOver = true;
      unsubscribe();
    };
    beat();
  };
  return new Response(new ReadableStream<Uint8Array>({ start, cancel: () => stop() }), { headers: HEADERS });
}
