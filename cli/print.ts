import { stripVTControlCharacters } from 'node:util';

/** A line on standard output: what a script reads. Control characters that came from elsewhere are left out. */
export const printLine = (text: string): void => void process.stdout.write(`${text}\n`);

/** Prints the answer as JSON. */
export const printJson = (value: unknown): void => printLine(JSON.stringify(value, null, 2));

const clean = (cell: string): string => stripVTControlCharacters(cell).replace(/\p{Cc}/gu, ' ');

/** Prints rows in columns, under their names. */
export function printTable(names: readonly string[], rows: readonly (readonly string[])[]): void {
  const all = [names, ...rows.map((row) => row.map(clean))];
  const widths = names.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  for (const row of all)
    printLine(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

/** A sentence for the person in front of the terminal: on standard error, so that pipes carry only answers. */
export const tell = (text: string): void => void process.stderr.write(`${text}\n`);
