import pg from 'pg';
import { startTarget, targetVersions } from '#scripts/servers/test-target.ts';
import { describeEngine } from './engine-contract.ts';
import { postgres } from './postgres.ts';

for (const version of targetVersions) {
  describeEngine(postgres, version, { iterations: 4096, tellsBegin: true }, async () => {
    const target = await startTarget({ version, settings: { log_statement: 'all', log_connections: 'on' } });
    return {
      ...target,
      openSession: async (login) => {
        const client = new pg.Client({ connectionString: target.urlOf(login), application_name: 'shop' });
        client.on('error', () => {});
        await client.connect();
        return {
          isOpen: () =>
            client.query('SELECT 1').then(
              () => true,
              () => false,
            ),
          close: () => client.end(),
        };
      },
    };
  });
}
