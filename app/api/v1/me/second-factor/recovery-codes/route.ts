import { renewRecoveryCodes } from '#lib/auth/second-factor/second-factor.ts';
import { recoveryCodes } from '#lib/contract/self.ts';
import { defineRoute } from '#lib/http/define-route.ts';

export const POST = defineRoute({
  access: 'self.change',
  answer: recoveryCodes,
  handle: async (context) => ({ recovery_codes: await renewRecoveryCodes(context) }),
});

export * from '#lib/http/other-methods.ts';
