import { GET, POST } from '#app/api/v1/vector/api-keys/route.ts';

export { GET, POST };
