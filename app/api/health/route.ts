import { status } from '#lib/contract/account.ts';
import { definePublicRoute } from '#lib/http/define-route.ts';
import { checkHealth } from '#lib/status/check-health.ts';

export const GET = definePublicRoute({ answer: status, statusOf: (health) => (health.status === 'ok' ? 200 : 503), handle: () => checkHealth() });

export * from '#lib/http/other-methods.ts';
