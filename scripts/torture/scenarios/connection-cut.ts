import { type Fault, startTcpProxy } from '#scripts/servers/tcp-proxy.ts';
import { settle } from '#scripts/torture/check.ts';
import { lazy } from '#scripts/torture/lazy.ts';
import type { Scenario } from '#scripts/torture/play.ts';
import { ask, BOTH, makeSubject } from '#scripts/torture/subject.ts';

const FAULTS: Record<Fault, string> = {
  lose_answer: 'the answer to COMMIT is lost',
  lose_request: 'COMMIT is lost',
  half_open: 'the connection hangs after COMMIT',
};

/** The connection fails around the COMMIT of the change: nobody can say whether it was made. */
export const connectionCut: Scenario = (rig) =>
  (Object.keys(FAULTS) as Fault[]).flatMap((fault) =>
    BOTH.map((by) => {
      const begin = lazy(async () => {
        const target = await rig.target({});
        const proxy = await startTcpProxy({ host: target.target.host, port: target.target.directPort });
        return { proxy, subject: await makeSubject(target, by, proxy.port) };
      });
      return {
        name: `${FAULTS[fault]}, changed by the ${by}`,
        play: async () => {
          const { proxy, subject } = await begin();
          await rig.yard.start();
          const sprung = proxy.failOn('COMMIT', fault);
          const asked = await ask(subject);
          await sprung;
          return { endings: [await settle(asked)], hits: 1 };
        },
      };
    }),
  );
