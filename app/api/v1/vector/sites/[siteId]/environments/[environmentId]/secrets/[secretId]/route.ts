import { DELETE, GET, PUT } from '#app/api/v1/vector/secrets/[secretId]/route.ts';

export * from '#lib/vector/other-methods.ts';
export { DELETE, GET, PUT };
