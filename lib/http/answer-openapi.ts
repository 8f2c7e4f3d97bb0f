import document from '#generated/openapi.json' with { type: 'json' };

/** The OpenAPI document, as it was made from the handlers. Public: it says nothing of anybody's data. */
export const answerOpenapi = (): Response => Response.json(document);
