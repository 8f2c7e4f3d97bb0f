/**
 * The rows in the order of their ids; what is gone meanwhile is left out. A page of a long list is found by its ids alone and
 * loaded with all that belongs to it afterwards: joined in one query, that would be read for every row of the list.
 */
export function inOrder<R extends { id: string }>(ids: readonly string[], rows: readonly R[]): R[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
