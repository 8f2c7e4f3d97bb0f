import { DELETE, GET, PUT } from '#app/api/v1/vector/environments/[environmentId]/route.ts';

export * from '#lib/vector/other-methods.ts';
export { DELETE, GET, PUT };
