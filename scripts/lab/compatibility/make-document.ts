import { WP_CONFIG_FAILURES } from '#lib/contract/wp-config-failures.ts';
import type { FileRow } from './file-rows.ts';
import type { Row } from './row.ts';

const ENGINES = { postgresql: 'PostgreSQL', mysql: 'MySQL and MariaDB' } as const;

function outcome(row: Row): string {
  switch (row.does) {
    case 'rotates':
      return 'Rotates';
    case 'rotates with a warning':
      return `Rotates, with a warning: “${row.warning} …”`;
    case 'refuses at adoption':
      return `Refuses at adoption: \`${row.code}\``;
    case 'puts the old password back':
      return `Tries, then puts the old password back: \`${row.code}\``;
  }
}

const line = (row: Row): string => `| ${row.kind} | ${outcome(row)} | ${row.advice ?? ''} |`;

/** The fix stands in the failure's own text, behind what happened. */
const fileLine = ({ kind, code }: FileRow): string =>
  `| ${kind} | ${code === null ? 'Writes it' : `Refuses before anything changes: \`${code}\``} | ${code === null ? '' : WP_CONFIG_FAILURES[code].replace(/^.*?[.:] (?=[A-Z])/, '')} |`;

/** docs/compatibility.md: what Rekey does with each kind of server, pooler, login and file, as the tests of the rows show it. */
export function makeDocument(rows: readonly Row[], files: readonly FileRow[]): string {
  const sections = Object.entries(ENGINES).flatMap(([engine, title]) => {
    const own = rows.filter((row) => row.engine === engine);
    return own.length === 0 ? [] : [`\n## ${title}\n\n| Server, pooler or login | What Rekey does | What to do |\n|-|-|-|\n${own.map(line).join('\n')}\n`];
  });
  return `# Compatibility

Each row is a test on a real server or file (\`npx vitest run --project int compatibility\`); this page is written by \`npm run compatibility\`. After every row the URL that Rekey gives out logs in, or the old one does and the project says why; nobody else's login has changed, and no text of Rekey names a server, pooler, rotator or file that is not there.
${sections.join('')}
## Files with a site’s password

Mounts, hard links, access control lists, full and read-only disks: \`lib/wp-config/compatibility.int.test.ts\`. After every row the file's own reader (PHP, or a loader of variables) finds a password that logs in.

| File | What a reset does | What to do |
|-|-|-|
${files.map(fileLine).join('\n')}
`;
}
