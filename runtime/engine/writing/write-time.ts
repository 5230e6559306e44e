import type { EngineSession } from "../engine.ts";
import type { StoreContext } from "../store-context.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";

/** When a write happens, in microseconds. */
export interface WriteTime {
  /** Later than all rows of the table, whatever the clock says, so that a later write wins; no row has it yet. */
  readonly time: bigint;
  /** The latest time in the table before the write; undefined where no row has one. */
  readonly newest: bigint | undefined;
}

/** The time of a write to a table. Infinite times, which other programs may write, are ignored. */
export async function writeTime(
  store: Pick<StoreContext, "now">,
  session: EngineSession,
  table: PhysicalTable,
): Promise<WriteTime> {
  // Checking each row for infinite times takes three times as long.
  const newest = (await latestTime(session, table, "all")) ?? (await latestTime(session, table, "finite"));
  const now = store.now();
  return { time: newest !== undefined && newest >= now ? newest + 1n : now, newest };
}

/** The latest of the times that pass; undefined where there is none, or it is infinite. */
async function latestTime(
  session: EngineSession,
  { name, offset }: PhysicalTable,
  passes: "all" | "finite",
): Promise<bigint | undefined> {
  if (offset === 0n) return undefined;
  const { maxWhere, microseconds, values } = session.dialect;
  const latest = (column: string) =>
    passes === "all" ? `max(${column})` : maxWhere(column, values.isFinite(column));
  const [last] = await session.rows(
    `SELECT ${microseconds(`greatest(${latest("metaxy_updated_at")}, ${latest("metaxy_deleted_at")})`)} AS time FROM ${name}`,
  );
  return typeof last?.["time"] === "bigint" ? last["time"] : undefined;
}
