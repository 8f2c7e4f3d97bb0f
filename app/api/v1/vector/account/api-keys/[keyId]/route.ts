import { DELETE } from '#app/api/v1/vector/api-keys/[keyId]/route.ts';

export { DELETE };
