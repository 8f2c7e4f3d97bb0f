import type { UpdateEnvironmentBody } from '#lib/contract/vector/site.ts';

/** What a client says of an environment that changes nothing here, as it is kept; what is left out stays as it is. */
export const describedColumns = ({
  php_version: phpVersion,
  custom_domain: customDomain,
  tags,
}: Pick<UpdateEnvironmentBody, 'php_version' | 'custom_domain' | 'tags'>) => ({
  ...(phpVersion !== undefined && { phpVersion }),
  ...(customDomain !== undefined && { customDomain }),
  ...(tags !== undefined && { tags }),
});
