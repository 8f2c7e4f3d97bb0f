import type { z } from 'zod';
import { DomainError } from '#lib/kernel/errors.ts';

/** No valid request is nested deeper. A much deeper one would exhaust the stack of the code that walks it. */
const DEEPEST = 32;

const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/**
 * Where in what was sent stands something that cannot be kept: a text with a NUL or half a surrogate pair, which
 * PostgreSQL does not hold, or more than 32 levels. Undefined where there is none.
 */
function findUnstorable(input: unknown, path: string[] = []): string[] | undefined {
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

const TYPE_WORDS: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

/** Messages for issues whose schema defines none. They never quote the input. */
const say: z.core.$ZodErrorMap = (issue) => {
  if (issue.input === undefined) return 'This is missing.';
  switch (issue.code) {
    case 'invalid_type':
      return `Use ${TYPE_WORDS[issue.expected] ?? issue.expected}.`;
    case 'invalid_value':
      return `Use one of: ${issue.values.join(', ')}.`;
    case 'unrecognized_keys':
      return 'There is no such field.';
    case 'too_small':
      return issue.origin === 'string' ? `Use ${issue.minimum} characters or more.` : `Use ${issue.minimum} or more.`;
    case 'too_big':
      return issue.origin === 'string' ? `Use ${issue.maximum} characters at most.` : `Use ${issue.maximum} at most.`;
    default:
      return 'This has the wrong form.';
  }
};

function fieldsOf(issues: z.core.$ZodIssue[]): Record<string, string[]> {
  // Without a prototype: a field may be called `constructor`.
  const fields: Record<string, string[]> = Object.create(null);
  for (const issue of issues) {
    const parent = issue.path.map(String);
    const paths = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...parent, key]) : [parent];
    for (const path of paths) {
      const name = path.join('.') || 'body';
      fields[name] = [...(fields[name] ?? []), issue.message];
    }
  }
  return fields;
}

/** Parses what was sent, or throws a 422 with a message for each field. */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.infer<S> {
  const unstorable = findUnstorable(input);
  if (unstorable) throw refused({ [unstorable.join('.') || 'body']: ['Leave out NUL characters and lone surrogates, and nest at most 32 levels.'] });
  const parsed = schema.safeParse(input, { error: say });
  if (parsed.success) return parsed.data;
  throw refused(fieldsOf(parsed.error.issues));
}

function refused(fields: Record<string, string[]>): DomainError {
  const [[name, [message = ''] = []] = ['body', []]] = Object.entries(fields);
  return new DomainError('validation_failed', `${name}: ${message} Nothing was changed.`, { fields });
}
