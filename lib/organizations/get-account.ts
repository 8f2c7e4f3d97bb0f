import { scopesOf } from '#lib/auth/authorize.ts';
import type { Context } from '#lib/context.ts';
import type { AccountWire } from '#lib/http/wire/vector/account.ts';
import { getOrganization } from './get-organization.ts';

/** The organization in the words of the sites dialect, and what the asker may do. */
export const getAccount = async (context: Context): Promise<AccountWire> => ({ ...(await getOrganization(context)), abilities: scopesOf(context) });
