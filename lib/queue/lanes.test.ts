import { describe, expect, it } from 'vitest';
import { Lanes } from './lanes.ts';

/** Work that goes on until it is told to end, and knows how many of its kind go on at once. */
function makeWork() {
  const state = { running: 0, most: 0, done: 0 };
  const ends: (() => void)[] = [];
  const work = async () => {
    state.running += 1;
    state.most = Math.max(state.most, state.running);
    await new Promise<void>((end) => ends.push(end));
    state.running -= 1;
    state.done += 1;
  };
  return {
    state,
    work,
    endAll: () => {
      for (const end of ends.splice(0)) end();
    },
  };
}
const turn = () => new Promise((next) => setImmediate(next));

describe('lanes', () => {
  it('do not wait for each other: a thousand stuck ones delay no other', async () => {
    const lanes = new Lanes(10);
    const stuck = makeWork();
    for (let server = 0; server < 1000; server++) for (const nth of [1, 2, 3]) lanes.run(`dead-${server}`, `${server}/${nth}`, stuck.work);
    const healthy = makeWork();
    for (let n = 0; n < 10; n++) lanes.run('healthy', `h${n}`, healthy.work);
    await turn();
    expect(healthy.state.running).toBe(10);
    expect(stuck.state).toMatchObject({ running: 3000, done: 0 });
  });

  it('run at most so many at once in each', async () => {
    const lanes = new Lanes(3);
    const { state, work, endAll } = makeWork();
    for (let n = 0; n < 10; n++) lanes.run('one', `${n}`, work);
    while (state.done < 10) {
      await turn();
      endAll();
    }
    expect(state.most).toBe(3);
  });

  it('take the same work once while it waits or runs, and again afterwards', async () => {
    const lanes = new Lanes(1);
    const { state, work, endAll } = makeWork();
    for (let n = 0; n < 5; n++) lanes.run('one', 'same', work);
    await turn();
    endAll();
    await lanes.drain();
    expect(state.done).toBe(1);
    lanes.run('one', 'same', work);
    await turn();
    endAll();
    await lanes.drain();
    expect(state.done).toBe(2);
  });

  it('drain when all has ended', async () => {
    const lanes = new Lanes(1);
    const { state, work, endAll } = makeWork();
    lanes.run('one', 'a', async () => undefined);
    lanes.run('one', 'b', work);
    await turn();
    endAll();
    await lanes.drain();
    expect(state.done).toBe(1);
  });
});
