import type { FieldValues, Path, UseFormReturn } from 'react-hook-form';
import { PROVIDERS, type Provider } from '#components/data/providers.ts';
import { ApiProblem } from '#lib/contract/api-client.ts';

/** The API names a place by the provider's own word, and variables by their number. */
function fieldOf(provider: Provider, field: string): string {
  if (field === PROVIDERS[provider].placeField) return 'place';
  return field.split('.')[0] ?? field;
}

/** Puts what the API refused at the fields of a form; what belongs to none of them stands at `root`. */
export function showIntegrationProblem<V extends FieldValues>(form: UseFormReturn<V>, provider: Provider, error: Error): void {
  const byField = error instanceof ApiProblem ? Object.entries(error.errors) : [];
  const known = byField.map(([field, messages]) => ({ field: fieldOf(provider, field), message: messages.join(' ') }));
  const mine = known.filter(({ field }) => field in form.getValues());
  for (const { field, message } of mine) form.setError(field as Path<V>, { message });
  if (mine.length === 0) form.setError('root', { message: error.message });
}
