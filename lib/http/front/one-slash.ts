/** Turns `//api//v1/x` into `/api/v1/x`: Next would redirect, and API clients do not follow redirects. Page paths are unchanged. */
export function oneSlash(url: string): string {
  const [path = '', query = ''] = url.split(/(?=\?)/, 2);
  const single = path.replace(/\/{2,}/g, '/');
  return single.startsWith('/api/') ? single + query : url;
}
