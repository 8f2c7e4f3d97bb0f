import { DELETE } from '#app/api/v1/vector/api-keys/[keyId]/route.ts';

export * from '#lib/vector/other-methods.ts';
export { DELETE };
