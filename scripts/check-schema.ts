// Fails when the migrations do not lead to prisma/schema.prisma. Runs on a PostgreSQL that is thrown away.
import { runPrisma } from './run-tool.ts';
import { startThrowAwayPostgres } from './testing/control-database.ts';

const server = await startThrowAwayPostgres();
try {
  const diff = ['migrate', 'diff', '--from-migrations', 'prisma/migrations', '--to-schema', 'prisma/schema.prisma', '--exit-code'];
  await runPrisma(diff, { env: { DATABASE_URL: server.url } });
  console.log('The migrations lead to the schema.');
} catch (error) {
  console.error(`The migrations and prisma/schema.prisma differ: write a migration.\n${(error as Error).message}`);
  process.exitCode = 1;
} finally {
  await server.stop();
}
