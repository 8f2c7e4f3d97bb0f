import { IntegrationError } from './integration.ts';

/**
 * A path of an API: what is put into it is encoded, and cannot lead to another path.
 * @throws {IntegrationError} place_missing where a part is empty or a dot segment
 */
export function apiPath(parts: TemplateStringsArray, ...values: string[]): string {
  if (values.some((value) => ['', '.', '..'].includes(value))) throw new IntegrationError('place_missing');
  return String.raw({ raw: parts }, ...values.map(encodeURIComponent));
}
