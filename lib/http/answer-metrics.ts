import { createHash, timingSafeEqual } from 'node:crypto';
import { env } from '#lib/kernel/env.ts';
import { DomainError, notFound } from '#lib/kernel/errors.ts';
import { renderMetrics } from '#lib/metrics/render-metrics.ts';
import { answerRequest } from './answer-request.ts';
import { countStranger } from './limit-requests.ts';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Throws unauthenticated for a wrong token. Digests have equal lengths, and comparing them takes the same time wherever they differ. */
async function checkToken({ headers }: Request, token: string): Promise<void> {
  const given = /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? '';
  if (!timingSafeEqual(digest(given), digest(token)))
    throw new DomainError('unauthenticated', 'Send the token that REKEY_METRICS_TOKEN has as `Authorization: Bearer …`.');
}

/**
 * Responds with the metrics of all organizations. Accepts only REKEY_METRICS_TOKEN, never a session or an API key, since a
 * monitoring system belongs to no organization. Responds 404 if the token is not configured.
 */
export const answerMetrics = (request: Request): Promise<Response> =>
  answerRequest(request, async () => {
    if (env.REKEY_METRICS_TOKEN === undefined) throw notFound('address');
    await checkToken(request, env.REKEY_METRICS_TOKEN).catch(countStranger(request));
    const { text, contentType } = await renderMetrics();
    return new Response(text, { headers: { 'content-type': contentType } });
  });
