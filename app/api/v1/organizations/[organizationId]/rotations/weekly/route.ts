import { defineRoute } from '#lib/http/define-route.ts';
import { rotationWeeks } from '#lib/http/wire/rotation-weeks.ts';
import { countWeekly } from '#lib/rotation/count-weekly.ts';

export const GET = defineRoute({
  access: 'projects.read',
  answer: rotationWeeks,
  handle: async (context) => ({ weeks: await countWeekly(context) }),
});

export * from '#lib/http/other-methods.ts';
