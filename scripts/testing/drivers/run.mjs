// Runs the snippets on standard input, each by its driver. Prints one row or one error for each, as JSON on the last line.
import { writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

/** How each driver is asked with what its snippet declares; `ask` answers the row. */
const DRIVERS = {
  'node-postgres': ['pool', async (pool, question) => (await pool.query({ text: question, rowMode: 'array' })).rows[0]],
  'postgres-js': ['sql', async (sql, question) => (await sql.unsafe(question).values())[0]],
  drizzle: ['db', async (db, question) => Object.values((await db.execute(question)).rows[0])],
  prisma: ['prisma', async (prisma, question) => Object.values((await prisma.$queryRawUnsafe(question))[0])],
  mysql2: ['pool', async (pool, question) => (await pool.query({ sql: question, rowsAsArray: true }))[0][0]],
};

/** The program of a snippet; what comes before it for .env is in the environment by then, as dotenv reads it. */
async function programOf({ snippet, client }) {
  const [before, program] = snippet.includes('// db.ts') ? snippet.split('// db.ts') : ['', snippet];
  const { parse } = await import('dotenv');
  Object.assign(process.env, parse(before.split('\n//')[0]));
  return program.replace("'./generated/prisma/client.ts'", `'${client}'`);
}

async function run(pasted, index) {
  const [name, ask] = DRIVERS[pasted.driver];
  const file = `${process.env.HOME}/snippet-${process.pid}-${index}.ts`;
  try {
    writeFileSync(file, `${await programOf(pasted)}\nexport { ${name} as opened };`.replace(`export const ${name} =`, `const ${name} =`));
    const { opened } = await import(pathToFileURL(file).href);
    return { row: await ask(opened, pasted.question) };
  } catch (error) {
    return { error: [error, error.cause].filter(Boolean).map(String).join(' ') };
  }
}

const answers = [];
for (const [index, pasted] of JSON.parse(await text(process.stdin)).entries()) answers.push(await run(pasted, index));
console.log(`\n${JSON.stringify(answers, (_, value) => (typeof value === 'bigint' ? Number(value) : value))}`);
// The pools of failed connections would keep the process.
process.exit();
