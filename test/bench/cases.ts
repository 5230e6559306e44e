/** What happened to a store since all of it was computed. */
export interface BenchCase {
  /** Whether the targets were ever written. */
  readonly written: boolean;
  /** How often every row of every table was written. */
  readonly versions: number;
  /** Of 100 units, how many changed since; half as many were added, and half as many removed. */
  readonly percent?: number;
  /** Whether the targets' code changed since. */
  readonly bumped?: boolean;
}

/** The cases by name. */
export const cases: Readonly<Record<string, BenchCase>> = {
  first: { written: false, versions: 1 },
  unchanged: { written: true, versions: 1 },
  "1%": { written: true, versions: 1, percent: 1 },
  "10%": { written: true, versions: 1, percent: 10 },
  bump: { written: true, versions: 1, bumped: true },
  "unchanged-5": { written: true, versions: 5 },
  "1%-5": { written: true, versions: 5, percent: 1 },
};

/** Whether all units are new. */
export function allNew({ written, bumped }: BenchCase): boolean {
  return !written || bumped === true;
}

/** SQL of all units. */
export function allWorkItems(count: number): string {
  return `SELECT range AS u FROM range(${count})`;
}

/** SQL of the units that a case changes, adds and removes. They lie all over the table, as in life. */
export function movedWorkItems(
  count: number,
  percent: number,
): { readonly changed: string; readonly added: string; readonly removed: string } {
  const period = 100 / percent;
  return {
    changed: `${allWorkItems(count)} WHERE u % ${period} = 7`,
    added: `SELECT range AS u FROM range(${count}, ${count + Math.round((count * percent) / 200)})`,
    removed: `${allWorkItems(count)} WHERE u % ${2 * period} = 3`,
  };
}

/** SQL of the units that a case leaves to be computed. */
export function workItemsToCompute(count: number, bench: BenchCase): string {
  if (allNew(bench)) return allWorkItems(count);
  if (bench.percent === undefined) return `${allWorkItems(count)} WHERE false`;
  const { changed, added } = movedWorkItems(count, bench.percent);
  return `${changed} UNION ALL ${added}`;
}
