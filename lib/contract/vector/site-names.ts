/** The id that clients know a thing by: the one it came with, or ours. */
export const publicId = ({ id, externalId }: { id: string; externalId: string | null }): string => externalId ?? id;

/** What a site is named after. */
export interface Named {
  devDomain: string | null;
  partnerCustomerId: string;
}

/** What people call a site: its domain, or its customer. */
export const siteName = ({ devDomain, partnerCustomerId }: Named): string => devDomain || partnerCustomerId;
