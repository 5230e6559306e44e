import { quoteIdentifier } from "../../dialect/sql-text.ts";
import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { Counts, SetKind } from "../../increment.ts";
import type { EngineSession } from "../engine.ts";
import { workItemsTable } from "../tables/work-items.ts";

/** How large the sets of a comparison are. */
export interface SetCounts {
  /** Units of work. */
  readonly counts: Counts;
  /** Rows that iterating gives. */
  readonly rowCounts: Counts;
}

const none: Counts = { new: 0, stale: 0, orphaned: 0 };

/** The counts where nothing differs. */
export const noCounts: SetCounts = { counts: none, rowCounts: none };

/** Counts what the comparison found; no row is read. */
export async function countSets(session: EngineSession): Promise<SetCounts> {
  const sets = await session.rows(
    `SELECT stemma_set, count(*) AS items, sum(coalesce(stemma_row_count, 1)) AS rows
     FROM ${workItemsTable} GROUP BY stemma_set`,
  );
  const count = (kind: SetKind, of: "items" | "rows") =>
    Number(sets.find((set) => set["stemma_set"] === kind)?.[of] ?? 0);
  const counts = (of: "items" | "rows"): Counts => ({
    new: count("new", of),
    stale: count("stale", of),
    orphaned: count("orphaned", of),
  });
  return { counts: counts("items"), rowCounts: counts("rows") };
}

/** Upstream rows of one sample that disagree leave no answer to whether it is up to date. */
export async function assertUnambiguous(session: EngineSession, feature: AnyFeature): Promise<void> {
  if (feature.plan.kind === "root" || feature.plan.cardinality !== "unchecked") return;
  const { grain } = feature.plan;
  const [example] = await session.rows(
    `SELECT ${grain.map(quoteIdentifier).join(", ")}, stemma_row_count, count(*) OVER () AS stemma_samples
     FROM ${workItemsTable} WHERE stemma_conflict ORDER BY ${grain.map(quoteIdentifier).join(", ")} LIMIT 1`,
  );
  if (example === undefined) return;
  const id = grain.map((column) => `${column} = ${String(example[column])}`).join(", ");
  throw new InputError(
    "ambiguous-sample",
    `${example["stemma_row_count"]} upstream rows that differ belong to one sample of ${feature.key} (${id}; ${example["stemma_samples"]} such samples in all), and it has one provenance only. Give the dep the lineage "aggregation", or add the column that tells the rows apart to idColumns.`,
    { feature: feature.key, samples: Number(example["stemma_samples"]) },
  );
}
