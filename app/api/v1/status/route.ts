import { status } from '#lib/contract/account.ts';
import { definePublicRoute } from '#lib/http/define-route.ts';
import { checkHealth } from '#lib/status/check-health.ts';

export const GET = definePublicRoute({ answer: status, handle: () => checkHealth() });

export * from '#lib/http/other-methods.ts';
