import { forgetWrongCodes } from '#lib/auth/second-factor/second-factor.ts';
import { defineRoute } from '#lib/http/define-route.ts';

export const DELETE = defineRoute({ access: 'self.change', answer: null, handle: (context) => forgetWrongCodes(context) });

export * from '#lib/http/other-methods.ts';
