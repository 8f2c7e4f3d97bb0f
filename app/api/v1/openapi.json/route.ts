import { answerOpenapi } from '#lib/http/answer-openapi.ts';

export { answerOpenapi as GET };
