import { expect, type Page } from '@playwright/test';
import { apiKeyCreated, me } from '#lib/contract/account.ts';
import type { Scope } from '#lib/contract/scopes.ts';

/** A new API key, made by the owner of the page. */
export async function makeKey(page: Page, origin: string, scopes: Scope[] = ['projects:read', 'credentials:rotate']): Promise<string> {
  const { organization } = me.parse(await (await page.request.get('/api/v1/me')).json());
  const created = await page.request.post(`/api/v1/organizations/${organization.id}/api-keys`, { headers: { origin }, data: { name: 'e2e', scopes } });
  expect(created.status()).toBe(201);
  return apiKeyCreated.parse(await created.json()).plaintext_api_key;
}
