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

/** docs/compatibility.md: what Rekey does with each kind of server, pooler and login, as the tests of the rows show it. */
export function makeDocument(rows: readonly Row[]): string {
  const sections = Object.entries(ENGINES).flatMap(([engine, title]) => {
    const own = rows.filter((row) => row.engine === engine);
    return own.length === 0 ? [] : [`\n## ${title}\n\n| Server, pooler or login | What Rekey does | What to do |\n|-|-|-|\n${own.map(line).join('\n')}\n`];
  });
  return `# Compatibility

Each row is a test on a real server (\`npx vitest run --project int scripts/lab/compatibility\`); this page is written by \`npm run compatibility\`. After every row the URL that Rekey gives out logs in, or the old one does and the project says why, and nobody else's login has changed.
${sections.join('')}`;
}
