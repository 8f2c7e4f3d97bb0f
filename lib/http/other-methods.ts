import { answerNotAllowed } from './answer-not-allowed.ts';
import { problemResponse } from './problem.ts';

/** What a route of this dialect answers to the methods it has not: a route's own exports stand before those of `export *`. */
const notAllowed = answerNotAllowed(problemResponse);

export { notAllowed as DELETE, notAllowed as GET, notAllowed as PATCH, notAllowed as POST, notAllowed as PUT };
