import { defineRoute } from '#lib/http/define-route.ts';
import { recoveryCodes } from '#lib/http/wire/self.ts';
import { renewRecoveryCodes } from '#lib/second-factor/renew-recovery-codes.ts';

export const POST = defineRoute({
  access: 'self.change',
  answer: recoveryCodes,
  handle: async (context) => ({ recovery_codes: await renewRecoveryCodes(context) }),
});

export * from '#lib/http/other-methods.ts';
