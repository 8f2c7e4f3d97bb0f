/** `//api//v1/x` as `/api/v1/x`: Next would answer it with a redirect, which clients of the API do not follow. Pages stay as they are. */
export function oneSlash(url: string): string {
  const [path = '', query = ''] = url.split(/(?=\?)/, 2);
  const single = path.replace(/\/{2,}/g, '/');
  return single.startsWith('/api/') ? single + query : url;
}
