import { expect, test } from 'vitest';
import { findWords } from './check-words.ts';

test.each([
  ['The outage is under way.', 'under way', 'in progress'],
  ['Mend the pooler.', 'Mend', 'fix'],
  ['Whoever has the URL needs the new one.', 'Whoever', 'the person or thing'],
  ['A check of the login broke off.', 'broke off', 'fail'],
  ['The endpoint is told of each rotation.', 'told', 'notify, report, show or send'],
  ['The audit trail is whole.', 'trail', 'audit log'],
  ['The reconciler finds it.', 'reconciler', 'sweep'],
  ['The next look finds it.', 'next look', 'check'],
  ['Rekey met a fault of its own.', 'fault of its own', 'internal error'],
  ['The address stands in each URL.', 'stands', 'is'],
  ['The URL could not be had.', 'could not be had', 'could not load'],
  ['Nobody can say which password works.', 'Nobody can say', 'it is not known'],
  ['The receiver is away.', 'is away', 'unavailable or unreachable'],
  ['A retry is due.', 'due', 'pending'],
  ['Give the present URL.', 'present URL', 'current'],
  ['The server refused the password.', 'server refused the password', 'rejected'],
])('finds in a page: %s', (text, word, instead) => {
  expect(findWords('docs/page.md', `# Title\n\n${text}\n`)).toEqual([{ line: 3, word, instead }]);
});

test.each([
  'The two are told apart by their ids.',
  'A common password is refused.',
  'It failed due to a timeout.',
  'A look-alike of a key.',
  'A standby follows; the outstanding rest is in progress.',
  'Poll `jobs.due` or run `tell`.',
])('leaves alone: %s', (text) => {
  expect(findWords('docs/page.md', text)).toEqual([]);
});

test('reads the strings and the JSX text of a module, not its comments, names, types and SQL', () => {
  const source = `import { mend } from './mend and tell.ts';
// Whoever reads this comment.
type Told = 'is told of it';
const told = 'told';
const rows = sql\`SELECT due FROM jobs WHERE told = 'is told'\`;
export const Notice = ({ name }: { name: string }) => (
  <p className="stands alone" title={\`\${name} is
    told\`}>
    Nothing stands
    in the way of {name}, nobody
    knows why.
  </p>
);
throw new Error('Mend it.');
export const sentence = say\`Nobody knows \${name}.\`;
`;
  expect(findWords('components/notice.tsx', source).map(({ line, word }) => `${line} ${word}`)).toEqual([
    '8 told',
    '9 stands',
    '10 nobody knows',
    '14 Mend',
    '15 Nobody knows',
  ]);
});
