import { holdsScope } from '#lib/access/authorize.ts';
import type { Context } from '#lib/kernel/context.ts';
import { DomainError } from '#lib/kernel/errors.ts';

/** Throws forbidden where a key would get a scope that its maker does not have. */
export function checkScopesHeld(context: Context, scopes: readonly string[]): void {
  const missing = scopes.filter((scope) => !holdsScope(context, scope));
  if (missing.length > 0) throw new DomainError('forbidden', `A key cannot have scopes that its creator lacks: ${missing.join(', ')}. Nothing was changed.`);
}
