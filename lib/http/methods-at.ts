/** The methods of an address, as the API's own document has them; what the document leaves out can be read only. */
export async function methodsAt(pathname: string): Promise<string[]> {
  // The document is made from the very handlers that lead here: it cannot stand at the top.
  const { default: document } = await import('#generated/openapi.json', { with: { type: 'json' } });
  const path = pathname.replace('/api/capydb/', '/api/').replace(/\/+$/, '');
  const found = Object.entries(document.paths).find(([template]) => new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(path));
  return Object.keys(found?.[1] ?? { get: null }).map((method) => method.toUpperCase());
}
