import { beginSecondFactor, describeSecondFactor, disableSecondFactor } from '#lib/auth/second-factor/second-factor.ts';
import { secondFactor, secondFactorBegun } from '#lib/contract/self.ts';
import { defineRoute } from '#lib/http/define-route.ts';

export const GET = defineRoute({ access: 'self.read', answer: secondFactor, handle: (context) => describeSecondFactor(context) });

export const POST = defineRoute({ access: 'self.change', answer: secondFactorBegun, status: 201, handle: (context) => beginSecondFactor(context) });

export const DELETE = defineRoute({ access: 'self.change', answer: null, handle: (context) => disableSecondFactor(context) });

export * from '#lib/http/other-methods.ts';
