import { DELETE, PUT } from '#app/api/v1/vector/global-secrets/[secretId]/route.ts';

export { DELETE, PUT };
