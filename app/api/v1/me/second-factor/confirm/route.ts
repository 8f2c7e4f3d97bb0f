import { defineRoute } from '#lib/http/define-route.ts';
import { confirmSecondFactorBody, recoveryCodes } from '#lib/http/wire/self.ts';
import { confirmSecondFactor } from '#lib/second-factor/confirm-second-factor.ts';

export const POST = defineRoute({
  access: 'self.change',
  body: confirmSecondFactorBody,
  answer: recoveryCodes,
  handle: async (context, { body }) => ({ recovery_codes: await confirmSecondFactor(context, body.code) }),
});

export * from '#lib/http/other-methods.ts';
