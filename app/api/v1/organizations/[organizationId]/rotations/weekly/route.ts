import { rotationWeeks } from '#lib/contract/rotation.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { countWeekly } from '#lib/rotation/request/count-weekly.ts';

export const GET = defineRoute({
  access: 'projects.read',
  answer: rotationWeeks,
  handle: async (context) => ({ weeks: await countWeekly(context) }),
});

export * from '#lib/http/other-methods.ts';
