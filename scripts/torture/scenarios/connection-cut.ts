import { type Fault, startTcpProxy } from '#scripts/servers/tcp-proxy.ts';
import { settle } from '#scripts/torture/check.ts';
import { lazy } from '#scripts/torture/lazy.ts';
import type { Scenario } from '#scripts/torture/play.ts';
import { ask, BOTH, type By, makeSubject } from '#scripts/torture/subject.ts';

const FAULTS: Record<Fault, string> = {
  lose_answer: 'the answer to COMMIT is lost',
  lose_request: 'COMMIT is lost',
  half_open: 'the connection hangs after COMMIT',
};

/** The connection fails around the COMMIT of the change: it is not known whether it was made. */
export const connectionCut: Scenario = (rig) =>
  (Object.keys(FAULTS) as Fault[]).map((fault) => {
    const begin = async (by: By) => {
      const target = await rig.target({});
      const proxy = await startTcpProxy({ host: target.target.direct.host, port: target.target.direct.port });
      rig.stopAtEnd(proxy);
      return { proxy, subject: await makeSubject(target, by, proxy.port) };
    };
    const both = lazy(() => Promise.all(BOTH.map(begin)));
    return {
      name: `${FAULTS[fault]}, changed by the role and by the rotator`,
      keepsWorker: true,
      play: async () => {
        await rig.yard.keep();
        const endings = (await both()).map(async ({ proxy, subject }) => {
          const sprung = proxy.failOn('COMMIT', fault);
          const asked = await ask(subject);
          await sprung;
          return settle(asked);
        });
        return { endings: await Promise.all(endings), hits: BOTH.length };
      },
    };
  });
