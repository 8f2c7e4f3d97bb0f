import { definePublicRoute } from '#lib/http/define-route.ts';
import { status } from '#lib/http/wire/account.ts';
import { checkHealth } from '#lib/status/check-health.ts';

export const GET = definePublicRoute({ answer: status, statusOf: (health) => (health.status === 'ok' ? 200 : 503), handle: () => checkHealth() });

export * from '#lib/http/other-methods.ts';
