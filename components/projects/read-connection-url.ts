import { ENGINES, engineOfScheme } from '#lib/contract/engines/engines.ts';

export interface ReadUrl {
  role: string;
  host: string;
  port: string;
  database: string;
}

/** What a pasted URL says, for showing it back without its password; null while it cannot be read. The API is the judge. */
export function readConnectionUrl(text: string): ReadUrl | null {
  const engine = engineOfScheme(/^([a-z]+):\/\//.exec(text.trim())?.[1] ?? '');
  if (!engine) return null;
  try {
    const url = new URL(text.trim());
    if (!url.hostname || !url.username) return null;
    return {
      role: decodeURIComponent(url.username),
      host: url.hostname,
      port: url.port || String(ENGINES[engine].url.defaultPort),
      database: decodeURIComponent(url.pathname.slice(1)),
    };
  } catch {
    return null;
  }
}
