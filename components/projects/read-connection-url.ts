export interface ReadUrl {
  role: string;
  host: string;
  port: string;
  database: string;
}

/** What a pasted URL says, for showing it back without its password; null while it cannot be read. The API is the judge. */
export function readConnectionUrl(text: string): ReadUrl | null {
  if (!/^postgres(ql)?:\/\//.test(text.trim())) return null;
  try {
    const url = new URL(text.trim());
    if (!url.hostname || !url.username) return null;
    return { role: decodeURIComponent(url.username), host: url.hostname, port: url.port || '5432', database: decodeURIComponent(url.pathname.slice(1)) };
  } catch {
    return null;
  }
}
