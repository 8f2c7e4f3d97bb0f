import { confirmSecondFactor } from '#lib/auth/second-factor/second-factor.ts';
import { confirmSecondFactorBody, recoveryCodes } from '#lib/contract/self.ts';
import { defineRoute } from '#lib/http/define-route.ts';

export const POST = defineRoute({
  access: 'self.change',
  body: confirmSecondFactorBody,
  answer: recoveryCodes,
  handle: async (context, { body }) => ({ recovery_codes: await confirmSecondFactor(context, body.code) }),
});

export * from '#lib/http/other-methods.ts';
