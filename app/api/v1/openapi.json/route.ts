import { answerOpenapi } from '#lib/http/answer-openapi.ts';

export * from '#lib/http/other-methods.ts';
export { answerOpenapi as GET };
