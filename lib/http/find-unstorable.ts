/** No request of ours is nested deeper; a much deeper one would exhaust the stack of whoever walks it. */
const DEEPEST = 32;

const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/**
 * Where in what was sent stands something that cannot be kept: a text with a NUL or half a surrogate pair, which
 * PostgreSQL does not hold, or more than 32 levels. Undefined where there is none.
 */
export function findUnstorable(input: unknown, path: string[] = []): string[] | undefined {
  if (typeof input === 'string') return isStorable(input) ? undefined : path;
  if (typeof input !== 'object' || input === null) return undefined;
  if (path.length > DEEPEST) return path.slice(0, 1);
  for (const [key, value] of Object.entries(input)) {
    if (!isStorable(key)) return path;
    const found = findUnstorable(value, [...path, key]);
    if (found) return found;
  }
  return undefined;
}
