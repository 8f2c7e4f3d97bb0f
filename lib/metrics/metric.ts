/** One number, by its labels. */
interface Reading {
  labels?: Record<string, string>;
  value: number;
}

/** A family of numbers as the store has them at this moment. Names of tenants' things never stand in it: they are counted, not listed. */
export interface Metric {
  /** Ends with its unit, where it has one. */
  name: string;
  help: string;
  readings: Reading[];
}

/** One number without labels. */
export const single = (name: string, help: string, value: number): Metric => ({ name, help, readings: [{ value }] });

/** How many there are in each state, also where that is none: an alert on a number that is not there never fires. */
export function countByState(name: string, help: string, states: readonly string[], rows: { state: string; count: number }[]): Metric {
  const counts = new Map(rows.map(({ state, count }) => [state, count]));
  return { name, help, readings: states.map((state) => ({ labels: { state }, value: counts.get(state) ?? 0 })) };
}
