import { GET, POST } from '#app/api/v1/vector/global-secrets/route.ts';

export * from '#lib/vector/other-methods.ts';
export { GET, POST };
