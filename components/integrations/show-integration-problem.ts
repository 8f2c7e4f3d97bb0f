import type { FieldValues, Path, UseFormReturn } from 'react-hook-form';
import { ApiProblem } from '#lib/contract/api-client.ts';

/** The API names variables by their number. */
function fieldOf(field: string): string {
  if (field === 'external_id') return 'place';
  return field.split('.')[0] ?? field;
}

/** Puts what the API refused at the fields of a form; what belongs to none of them stands at `root`. */
export function showIntegrationProblem<V extends FieldValues>(form: UseFormReturn<V>, error: Error): void {
  const byField = error instanceof ApiProblem ? Object.entries(error.errors) : [];
  const known = byField.map(([field, messages]) => ({ field: fieldOf(field), message: messages.join(' ') }));
  const mine = known.filter(({ field }) => field in form.getValues());
  for (const { field, message } of mine) form.setError(field as Path<V>, { message });
  if (mine.length === 0) form.setError('root', { message: error.message });
}
