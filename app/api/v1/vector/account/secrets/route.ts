import { GET, POST } from '#app/api/v1/vector/global-secrets/route.ts';

export { GET, POST };
