import { defineRoute } from '#lib/http/define-route.ts';
import { organizationAnswer } from '#lib/http/wire/account.ts';
import { getOrganization } from '#lib/organizations/get-organization.ts';

export const GET = defineRoute({
  access: 'organization.read',
  answer: organizationAnswer,
  handle: async (context) => ({ organization: await getOrganization(context) }),
});

export * from '#lib/http/other-methods.ts';
