import type { FieldErrors, FieldValues, Resolver } from 'react-hook-form';
import type { z } from 'zod';

/**
 * Judges a form by a schema that is loaded, and zod with it, when the form is judged first: for a form that is a page of its own.
 * A dialog is loaded with its schema when it is opened.
 */
export function lazyResolver<V extends FieldValues>(load: () => Promise<z.ZodType<V, V>>): Resolver<V> {
  let loading: Promise<Resolver<V>> | undefined;
  const resolver = async (): Promise<Resolver<V>> => {
    const [{ zodResolver }, schema] = await Promise.all([import('@hookform/resolvers/zod'), load()]);
    return zodResolver<V, unknown, V>(schema);
  };
  return async (...asked) => {
    loading ??= resolver();
    try {
      return await (await loading)(...asked);
    } catch {
      loading = undefined;
      const root = { type: 'load', message: 'Rekey did not answer. Nothing was sent; try again.' };
      return { values: {}, errors: { root } as FieldErrors<V> };
    }
  };
}
