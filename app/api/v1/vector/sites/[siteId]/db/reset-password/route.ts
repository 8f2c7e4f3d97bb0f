import { POST } from '#app/api/v1/vector/sites/[siteId]/database/reset-password/route.ts';

export { POST };
