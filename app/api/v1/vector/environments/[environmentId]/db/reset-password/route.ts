import { POST } from '#app/api/v1/vector/environments/[environmentId]/database/reset-password/route.ts';

export * from '#lib/vector/other-methods.ts';
export { POST };
