/** Who sets Rekey up in the browser tests, and where the sign-in is kept between them. */
export const OWNER = { email: 'owner@example.com', password: 'a long sentence to sign in with' };
export const OWNER_STATE = 'test-results/owner.json';
