import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { Counts, SetKind } from "../../increment.ts";
import type { BindParameters } from "../bind-parameters.ts";
import type { EngineSession } from "../engine.ts";
import { structType, textType, typeSql } from "../tables/relation.ts";
import { failedSet, withCtes, workItemsTable } from "../tables/work-items.ts";
import type { ExpectedRows } from "./expected-rows.ts";

/** What a comparison found. */
export interface ComparedSets extends SetCounts {
  /** Whether the work items are in a table; else they are in a view, all of them new. */
  readonly isMaterialized: boolean;
  /** New and stale work items that failed before with the same inputs. */
  readonly failed: number;
}

/** Work items that failed before, and what to do with those that are new or stale. */
export interface FailedItems {
  /** SQL of their grains and provenances; undefined for none. */
  readonly known: string | undefined;
  /** Whether they are left out of the sets. */
  readonly isExcluded: boolean;
}

/**
 * Compares, in one statement, and counts what differs. Leaves the work items behind, see {@link workItemsTable}.
 *
 * `stored` is SQL of the stored work items; without it all expected ones are new. `isView` asks for a view of them.
 */
export async function runComparison(
  session: EngineSession,
  feature: AnyFeature,
  expected: ExpectedRows,
  stored: string | undefined,
  parameters: BindParameters,
  isView: boolean,
  { known, isExcluded }: FailedItems,
): Promise<ComparedSets> {
  const { dialect } = session;
  const sql = comparison(dialect, feature, expected, stored);
  const bindings = parameters.of(sql);
  // A view takes no parameters.
  const isMaterialized =
    !isView || stored !== undefined || known !== undefined || Object.keys(bindings).length > 0;
  await (isMaterialized ? session.run(sql, bindings) : session.run(createNewItems(dialect, expected)));
  await assertUnambiguous(session, feature);
  const failed = known === undefined ? 0 : await findFailed(session, feature, known, isExcluded);
  return { ...(await countSets(session)), isMaterialized, failed };
}

/** Leaves no work items behind, where it is known that nothing differs. */
export async function skipComparison(session: EngineSession, feature: AnyFeature): Promise<ComparedSets> {
  await session.run(createNoItems(session.dialect, feature));
  return { ...noCounts, isMaterialized: true, failed: 0 };
}

/**
 * Counts the new and stale work items that failed before with the same provenance. Excluded ones get a set of their own,
 * which nobody reads: they still count as open, for the checkpoint and for outputs that are written after all.
 */
async function findFailed(
  session: EngineSession,
  { plan }: AnyFeature,
  known: string,
  isExcluded: boolean,
): Promise<number> {
  const columns = [...plan.grain, "metaxy_provenance"].map(quoteIdentifier).join(", ");
  const isFailed = `stemma_set IN ('new', 'stale') AND (${columns}) IN (SELECT ${columns} FROM (${known}))`;
  if (isExcluded)
    await session.run(`UPDATE ${workItemsTable} SET stemma_set = '${failedSet}' WHERE ${isFailed}`);
  const counted = isExcluded ? `stemma_set = '${failedSet}'` : isFailed;
  const [found] = await session.rows(`SELECT count(*) AS items FROM ${workItemsTable} WHERE ${counted}`);
  return Number(found?.["items"]);
}

/** SQL of all expected grains, which are new where nothing is stored. */
function allNew(dialect: Dialect, expected: ExpectedRows): string {
  const ctes = new Map([...expected.ctes, ["stemma_expected", expected.items]]);
  return `${withCtes(ctes)}SELECT *, 'new' AS stemma_set, ${dialect.noTexts} AS metaxy_changed_fields FROM stemma_expected`;
}

/**
 * The statement in place of a comparison where nothing is stored: a view of the grains.
 *
 * To count them takes no hash. `materializeView` makes a table of it.
 */
function createNewItems(dialect: Dialect, expected: ExpectedRows): string {
  return dialect.createTempView(workItemsTable, allNew(dialect, expected));
}

/**
 * The one statement that compares: a table of the grains that are new, stale or orphaned, with their versions.
 *
 * Without a stored side, all expected grains are new.
 */
function comparison(
  dialect: Dialect,
  feature: AnyFeature,
  expected: ExpectedRows,
  stored: string | undefined,
): string {
  if (stored === undefined) return dialect.createTemp(workItemsTable, allNew(dialect, expected));
  const ctes = new Map([...expected.ctes, ["stemma_expected", expected.items]]);
  ctes.set("stemma_stored", stored);
  const [first = ""] = feature.plan.grain;
  const hasExpected = `e.${quoteIdentifier(first)} IS NOT NULL`;
  const hasStored = `s.${quoteIdentifier(first)} IS NOT NULL`;
  const grain = feature.plan.grain.map(quoteIdentifier);
  const query = `${withCtes(ctes)}
     SELECT ${grain.map((column) => `coalesce(e.${column}, s.${column}) AS ${column}`).join(", ")},
       e.stemma_row_count, e.stemma_conflict,
       coalesce(e.metaxy_provenance_by_field, s.metaxy_provenance_by_field) AS metaxy_provenance_by_field,
       coalesce(e.metaxy_provenance, s.metaxy_provenance) AS metaxy_provenance,
       CASE WHEN NOT (${hasStored}) THEN 'new' WHEN NOT (${hasExpected}) THEN 'orphaned' ELSE 'stale' END AS stemma_set,
       ${changedFields(dialect, feature)} AS metaxy_changed_fields
     FROM stemma_expected AS e
     FULL JOIN stemma_stored AS s ON ${grain.map((column) => `e.${column} = s.${column}`).join(" AND ")}
     WHERE NOT (${hasExpected}) OR NOT (${hasStored}) OR e.stemma_conflict OR s.stemma_forced_stale
       OR e.metaxy_provenance IS DISTINCT FROM s.metaxy_provenance`;
  return dialect.createTemp(workItemsTable, query);
}

/** The statement in place of a comparison where it is known that nothing differs. */
function createNoItems(dialect: Dialect, { plan, spec }: AnyFeature): string {
  const grain = plan.grain.map(
    (column) => `${quoteIdentifier(column)} ${typeSql(dialect, spec.columns, column)}`,
  );
  const { scalars, listType } = dialect.values;
  const text = textType(dialect);
  return dialect.createEmptyTemp(workItemsTable, [
    ...grain,
    `stemma_row_count ${scalars.BIGINT.type}`,
    `stemma_conflict ${scalars.BOOLEAN.type}`,
    `metaxy_provenance_by_field ${structType(dialect, Object.keys(plan.fieldMembers))}`,
    `metaxy_provenance ${text}`,
    `stemma_set ${text}`,
    `metaxy_changed_fields ${listType(text)}`,
  ]);
}

/** Keys of the fields whose provenance differs, in the order of the struct. */
function changedFields(dialect: Dialect, feature: AnyFeature): string {
  const fields = Object.entries(feature.plan.fieldMembers).map(([member, field]) => {
    const of = (side: string) => dialect.values.member(`${side}.metaxy_provenance_by_field`, member);
    return `CASE WHEN ${of("e")} IS DISTINCT FROM ${of("s")} THEN ${quoteLiteral(field)} END`;
  });
  return dialect.presentTexts(fields);
}

/** How large the sets of a comparison are. */
export interface SetCounts {
  /** Units of work. */
  readonly counts: Counts;
  /** Rows that iterating gives. */
  readonly rowCounts: Counts;
}

const none: Counts = { new: 0, stale: 0, orphaned: 0 };

/** The counts where nothing differs. */
const noCounts: SetCounts = { counts: none, rowCounts: none };

/** Counts what the comparison found; no row is read. */
async function countSets(session: EngineSession): Promise<SetCounts> {
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
async function assertUnambiguous(session: EngineSession, feature: AnyFeature): Promise<void> {
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
