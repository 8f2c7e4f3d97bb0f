/** What the audit log tells of an integration; never its token, nor its hook. */
export const integrationFacts = ({ id, provider, externalId, name }: { id: string; provider: string; externalId: string; name: string }) => ({
  integration_id: id,
  provider,
  external_id: externalId,
  name,
});

/** The integration as the thing that an audit event was done to. */
export const integrationTarget = ({ id, name }: { id: string; name: string }) => ({ type: 'integration', id, name });
