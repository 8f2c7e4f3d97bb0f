import { answerAuth } from '#lib/auth/answer-auth.ts';

export { answerAuth as GET, answerAuth as POST };
