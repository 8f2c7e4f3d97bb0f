import { open, type SealContext, seal } from '#lib/crypto/envelope.ts';

interface Key {
  id: string;
  organizationId: string;
}

/** The URLs of a row as its file has them, with their passwords. */
export interface RowUrls {
  url: string;
  pooledUrl: string;
}

/** The row that the URLs are sealed for. */
export const rowContext = ({ id, organizationId }: Key): SealContext => ({ organizationId, table: 'import_rows', row: id, field: 'sealed', version: 1 });

/** Seals the URLs of a row for exactly this row. */
export const sealRow = (key: Key, { url, pooledUrl }: RowUrls): Promise<string> => seal(JSON.stringify({ url, pooledUrl }), rowContext(key));

/** Decrypts the URLs of a row. Throws SealBrokenError. */
export const openRow = async (row: Key & { sealed: string }): Promise<RowUrls> => JSON.parse(await open(row.sealed, rowContext(row))) as RowUrls;
