import { scopesOf } from '#lib/access/authorize.ts';
import type { AccountWire } from '#lib/contract/vector/account.ts';
import type { Context } from '#lib/kernel/context.ts';
import { countSites } from '#lib/sites/count-sites.ts';
import { getOrganization } from './get-organization.ts';

/** The organization in the words of the sites dialect, and what the asker may do. */
export async function getAccount(context: Context): Promise<AccountWire> {
  const organization = await getOrganization(context);
  const { id, name } = organization;
  return { ...organization, abilities: scopesOf(context), account: { id, name }, ...(await countSites(context)) };
}
