/** `/sites/{id}` and `/sites/a%20b` give `{ id: 'a b' }`; null where the path is another one. */
export function matchPath(template: string, path: string): Record<string, string> | null {
  const [parts, given] = [template.split('/'), path.split('/')];
  if (parts.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [i, part] of parts.entries()) {
    const value = given[i] ?? '';
    if (part.startsWith('{')) params[part.slice(1, -1)] = decodeURIComponent(value);
    else if (part !== value) return null;
  }
  return params;
}
