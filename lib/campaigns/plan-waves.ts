/** One from each server in turn, so that a canary takes logins from every server; otherwise in the order given. */
export function acrossServers<T extends { serverId: string }>(logins: readonly T[]): T[] {
  const turns = new Map<string, number>();
  const placed = logins.map((login) => {
    const turn = turns.get(login.serverId) ?? 0;
    turns.set(login.serverId, turn + 1);
    return { login, turn };
  });
  return placed.sort((a, b) => a.turn - b.turn).map(({ login }) => login);
}

/**
 * How many logins each wave has: the canary, then a wave for each share in percent of all logins, then the rest. Waves
 * that would be empty are left out, except the canary.
 */
export function waveSizes(total: number, { canary, waves }: { canary: number; waves: readonly number[] }): number[] {
  let left = total;
  const take = (wanted: number) => {
    const taken = Math.min(left, wanted);
    left -= taken;
    return taken;
  };
  const sizes = [take(canary), ...waves.map((share) => take(Math.max(1, Math.floor((total * share) / 100)))), take(total)];
  return sizes.filter((size, wave) => wave === 0 || size > 0);
}

/** The wave of each login in order. */
export const waveOfEach = (sizes: readonly number[]): number[] => sizes.flatMap((size, wave) => new Array<number>(size).fill(wave));
