import type { FieldValues, UseFormReturn } from 'react-hook-form';
import { showProblem } from '#components/ui/show-problem.ts';
import { ApiProblem } from '#lib/contract/api-client.ts';

/** As `showProblem`, for forms that hold the fields of `database` beside the others. */
export function showDatabaseProblem<V extends FieldValues>(form: UseFormReturn<V>, error: Error): void {
  if (error instanceof ApiProblem) {
    const errors = Object.fromEntries(Object.entries(error.errors).map(([field, messages]) => [field.replace(/^database\./, ''), messages]));
    showProblem(form, new ApiProblem({ status: error.status, code: error.code, detail: error.detail, errors }));
  } else showProblem(form, error);
}
