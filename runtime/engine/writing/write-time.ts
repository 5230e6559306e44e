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

/** The time of a write to a table. Infinite times of other programs are no times. */
export async function writeTime(
  store: Pick<StoreContext, "now">,
  session: EngineSession,
  table: PhysicalTable,
): Promise<WriteTime> {
  // Looking for infinite times in each row takes three times as long.
  const newest = (await latestTime(session, table, "true")) ?? (await latestTime(session, table, "isfinite"));
  const now = store.now();
  return { time: newest !== undefined && newest >= now ? newest + 1n : now, newest };
}

/** The latest of the times that pass; undefined where there is none, or it is infinite. */
async function latestTime(
  session: EngineSession,
  { name, offset }: PhysicalTable,
  passes: "true" | "isfinite",
): Promise<bigint | undefined> {
  if (offset === 0n) return undefined;
  const latest = (column: string) =>
    passes === "true" ? `max(${column})` : `max(${column}) FILTER (isfinite(${column}))`;
  const [last] = await session.rows(
    `SELECT epoch_us(greatest(${latest("metaxy_updated_at")}, ${latest("metaxy_deleted_at")})) AS time FROM ${name}`,
  );
  return typeof last?.["time"] === "bigint" ? last["time"] : undefined;
}

/** SQL of a time in microseconds. */
export function timeSql(time: bigint): string {
  return `make_timestamptz(${time})`;
}
