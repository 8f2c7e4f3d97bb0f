import { expect, test } from 'vitest';
import { createProjectBody } from '#lib/contract/project.ts';
import { adoptDefaults, toCreateBody } from './adopt-values.ts';

const values = { ...adoptDefaults, name: 'shop', connection_url: ' postgresql://a:b@h/d ' };

test('what was left empty is left out of the body', () => {
  expect(toCreateBody(values)).toEqual({ name: 'shop', environment: 'production', connection_url: 'postgresql://a:b@h/d' });
});

test('the CA goes only with a mode that checks it, and the API takes the body', () => {
  expect(toCreateBody({ ...values, ssl_mode: 'require', ca_pem: 'PEM' })).not.toHaveProperty('ca_pem');
  const body = toCreateBody({ ...values, ssl_mode: 'verify-full', ca_pem: 'PEM', pooled_connection_url: 'p', rotator_url: 'r' });
  expect(body).toMatchObject({ ssl_mode: 'verify-full', ca_pem: 'PEM', pooled_connection_url: 'p', rotator_url: 'r' });
  expect(createProjectBody.safeParse(body).success).toBe(true);
});
