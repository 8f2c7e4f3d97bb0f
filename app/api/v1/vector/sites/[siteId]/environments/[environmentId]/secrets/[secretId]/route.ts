import { DELETE, PUT } from '#app/api/v1/vector/secrets/[secretId]/route.ts';

export { DELETE, PUT };
