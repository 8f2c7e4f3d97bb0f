import { startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { describeEngine } from './engine-contract.ts';
import { mysql } from './mysql.ts';

describeEngine(mysql, 'MariaDB', { iterations: 0, hasTransactions: false, tellsBegin: false }, async () => {
  const target = await startMariadbTarget();
  return {
    ...target,
    openSession: async (login) => {
      const connection = await target.connect(login);
      return {
        isOpen: () =>
          connection.query('SELECT 1').then(
            () => true,
            () => false,
          ),
        close: () => connection.end().catch(() => {}),
      };
    },
  };
});
