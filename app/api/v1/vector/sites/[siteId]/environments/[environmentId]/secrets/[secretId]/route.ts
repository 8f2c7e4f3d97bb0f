import { DELETE, GET, PUT } from '#app/api/v1/vector/secrets/[secretId]/route.ts';

export * from '#lib/http/vector/other-methods.ts';
export { DELETE, GET, PUT };
