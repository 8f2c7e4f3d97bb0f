import { answerNotAllowed } from '#lib/http/other-methods.ts';
import { vectorRefusal } from '#lib/http/vector-refusal.ts';

/** What a route of this dialect answers to the methods it has not: a route's own exports stand before those of `export *`. */
const notAllowed = answerNotAllowed(vectorRefusal);

export { notAllowed as DELETE, notAllowed as GET, notAllowed as PATCH, notAllowed as POST, notAllowed as PUT };
