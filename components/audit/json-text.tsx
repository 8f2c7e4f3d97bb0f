import { Fragment } from 'react';

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?/g;

/** JSON with its names and texts coloured. */
export function JsonText({ value }: { value: unknown }) {
  const text = JSON.stringify(value, null, 2);
  const parts = [...text.matchAll(TOKEN)];
  return (
    <code>
      {parts.map((match, index) => {
        const before = parts[index - 1];
        const from = before ? before.index + before[0].length : 0;
        return (
          <Fragment key={match.index}>
            {text.slice(from, match.index)}
            <span className={match[2] ? 'k' : 's'}>{match[1]}</span>
            {match[2]}
          </Fragment>
        );
      })}
      {text.slice((parts.at(-1)?.index ?? 0) + (parts.at(-1)?.[0].length ?? 0))}
    </code>
  );
}
