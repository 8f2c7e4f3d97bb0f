import { GET } from '#app/api/v1/vector/deployments/[deploymentId]/route.ts';

export * from '#lib/http/vector/other-methods.ts';
export { GET };
