import { defineRoute } from '#lib/http/define-route.ts';
import { forgetWrongCodes } from '#lib/second-factor/wrong-codes.ts';

export const DELETE = defineRoute({ access: 'self.change', answer: null, handle: (context) => forgetWrongCodes(context) });

export * from '#lib/http/other-methods.ts';
