import { answerUnknownVector } from '#lib/http/answer-unknown.ts';

export { answerUnknownVector as DELETE, answerUnknownVector as GET, answerUnknownVector as PATCH, answerUnknownVector as POST, answerUnknownVector as PUT };
