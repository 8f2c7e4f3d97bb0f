import { readConnectionUrl } from '#components/projects/read-connection-url.ts';

/** Under the field of a connection URL: what it says, without its password. */
export function ReadUrlHint({ url }: { url: string }) {
  const read = readConnectionUrl(url);
  if (!read) return 'With the login that only this database uses. It is encrypted before it is stored.';
  return (
    <>
      User <code>{read.role}</code> on{' '}
      <code className="break-all">
        {read.host}:{read.port}
      </code>
      , database <code>{read.database || '?'}</code>. The URL is encrypted before it is stored.
    </>
  );
}
