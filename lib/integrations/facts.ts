/** What the audit log tells of an integration; never its token, nor its hook. */
export const integrationFacts = ({ id, provider, externalId, name }: { id: string; provider: string; externalId: string; name: string }) => ({
  integration_id: id,
  provider,
  external_id: externalId,
  name,
});
