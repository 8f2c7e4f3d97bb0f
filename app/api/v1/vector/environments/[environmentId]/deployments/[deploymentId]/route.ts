import { GET } from '#app/api/v1/vector/deployments/[deploymentId]/route.ts';

export * from '#lib/vector/other-methods.ts';
export { GET };
