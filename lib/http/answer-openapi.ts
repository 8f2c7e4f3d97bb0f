import document from '#generated/openapi.json' with { type: 'json' };

/** Returns the OpenAPI document generated from the handlers. It is public, since it contains no customer data. */
export const answerOpenapi = (): Response => Response.json(document);
