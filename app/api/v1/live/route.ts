import { answerRequest } from '#lib/http/answer-request.ts';
import { openLiveStream } from '#lib/http/open-live-stream.ts';

export const GET = (request: Request): Promise<Response> => answerRequest(request, (requestId) => openLiveStream(request, requestId));

export * from '#lib/http/other-methods.ts';
