import type { FieldValues, Path, UseFormReturn } from 'react-hook-form';
import { ApiProblem } from '#lib/contract/api-client.ts';

/** Puts what the API refused at the fields it names; what belongs to no field of the form stands at `root`. */
export function showProblem<V extends FieldValues>(form: UseFormReturn<V>, error: Error): void {
  const byField = error instanceof ApiProblem ? Object.entries(error.errors) : [];
  const known = byField.filter(([field]) => field in form.getValues());
  known.forEach(([field, messages], index) => {
    form.setError(field as Path<V>, { message: messages.join(' ') }, { shouldFocus: index === 0 });
  });
  if (known.length === 0) form.setError('root', { message: error.message });
}
