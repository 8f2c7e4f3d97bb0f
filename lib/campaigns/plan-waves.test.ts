import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acrossServers, waveOfEach, waveSizes } from './plan-waves.ts';

describe('the waves of a campaign', () => {
  it.each([
    [3412, { canary: 10, waves: [10, 25, 40] }, [10, 341, 853, 1364, 844]],
    [12, { canary: 2, waves: [25] }, [2, 3, 7]],
    [12, { canary: 0, waves: [] }, [0, 12]],
    [3, { canary: 5, waves: [10, 25] }, [3]],
    [4, { canary: 1, waves: [1, 1, 1, 1] }, [1, 1, 1, 1]],
    [10, { canary: 0, waves: [50, 50] }, [0, 5, 5]],
  ])('%i logins with %j: %j', (total, order, sizes) => {
    expect(waveSizes(total, order)).toEqual(sizes);
  });

  it('hold each login once, whatever the order asked for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: 0, max: 50 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 6 }),
        (total, canary, waves) => {
          const each = waveOfEach(waveSizes(total, { canary, waves }));
          expect(each).toHaveLength(total);
          expect(each).toEqual([...each].sort((a, b) => a - b));
        },
      ),
    );
  });

  it('begin with a login of every server', () => {
    const logins = ['a', 'a', 'a', 'b', 'c', 'b'].map((serverId, at) => ({ serverId, at }));
    expect(acrossServers(logins).map(({ serverId, at }) => `${serverId}${at}`)).toEqual(['a0', 'b3', 'c4', 'a1', 'b5', 'a2']);
  });
});
