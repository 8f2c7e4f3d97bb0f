import type { ConnectionTestBody } from '#lib/contract/connection-test.ts';
import type { CreateProjectBody } from '#lib/contract/project.ts';
import type { AdoptValues } from './adopt-form-schema.ts';

export const adoptDefaults: AdoptValues = {
  name: '',
  environment: 'production',
  connection_url: '',
  pooled_connection_url: '',
  rotator_url: '',
  ssl_mode: '',
  ca_pem: '',
  allows_md5: false,
};

/** The modes that check the server's certificate. */
export const NEEDS_CA: ReadonlySet<string> = new Set(['verify-ca', 'verify-full']);

/** The same without what does not concern the login: what is tested before it is saved. */
export function toTestBody(values: AdoptValues): ConnectionTestBody {
  const { name: _, environment: __, slug: ___, organization_id: ____, ...fields } = toCreateBody(values);
  return fields;
}

/** The body of `POST /projects`: what was left empty is left out. */
export function toCreateBody(values: AdoptValues): CreateProjectBody {
  const { pooled_connection_url: pooled, rotator_url: rotator, ssl_mode: mode, ca_pem: ca } = values;
  return {
    name: values.name,
    environment: values.environment,
    connection_url: values.connection_url.trim(),
    ...(pooled.trim() && { pooled_connection_url: pooled.trim() }),
    ...(rotator.trim() && { rotator_url: rotator.trim() }),
    ...(mode && { ssl_mode: mode }),
    ...(values.allows_md5 && { allows_md5: true }),
    ...(NEEDS_CA.has(mode) && ca.trim() && { ca_pem: ca.trim() }),
  };
}
