import { organizationAnswer } from '#lib/contract/account.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { getOrganization } from '#lib/organizations/get-organization.ts';

export const GET = defineRoute({
  access: 'organization.read',
  answer: organizationAnswer,
  handle: async (context) => ({ organization: await getOrganization(context) }),
});

export * from '#lib/http/other-methods.ts';
