import { quoteIdentifier } from "../../dialect/sql-text.ts";
import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { RowsInput } from "../../increment.ts";
import type { EngineSession } from "../engine.ts";
import { checkRows } from "../staging/check-rows.ts";
import { stageRows } from "../staging/stage-rows.ts";
import { requiredColumns, stagingSchemaOf } from "../staging/staging-schema.ts";
import { sameGrain, workItemsTable } from "../tables/work-items.ts";

/** Output rows of work items of an increment. */
export interface StagedOutputs {
  /** SQL of rows ready to be written. */
  readonly sql: string;
  /** Temporary table of their work items, each once. */
  readonly items: string;
  /** Drops what was staged. */
  drop(): Promise<void>;
}

/**
 * Stages output rows of an increment, and fills in their provenance by grain.
 *
 * The many work items of the increment are scanned once, for those of the rows; everything else costs by the rows.
 * `number` distinguishes this stage from others of the session.
 */
export async function stageOutputs(
  session: EngineSession,
  number: number,
  feature: AnyFeature,
  rows: RowsInput<object>,
  signal?: AbortSignal,
): Promise<StagedOutputs> {
  const given = `stemma_outputs_${number}`;
  const items = `stemma_requested_${number}`;
  const drop = async (): Promise<void> => {
    await session.exclusive(() =>
      session.run(`DROP TABLE IF EXISTS ${given}; DROP TABLE IF EXISTS ${items}`),
    );
  };
  try {
    const schema = { ...stagingSchemaOf(feature), ignored: broughtAlong(feature) };
    const raw = await stageRows(session, given, rows, schema, signal);
    return await session.exclusive(async () => {
      const checked = await checkRows(session, raw, {
        ...schema,
        required: requiredColumns(feature),
        unique: feature.spec.idColumns,
        checks: feature.plan.checks ?? [],
        provenance: "ignored",
      });
      const { dialect } = session;
      await session.run(
        dialect.createTemp(
          items,
          `SELECT ${grainOf(feature, "g")}, g.metaxy_provenance_by_field, g.metaxy_provenance
           FROM (SELECT * FROM ${workItemsTable} WHERE stemma_set <> 'orphaned') AS g
           ${dialect.semiJoin(`(${checked.sql}) AS r`, sameGrain(feature, "r", "g"))}`,
        ),
      );
      await assertRequested(session, feature, checked.sql, items);
      if (checked.carriesProvenance) await assertSameInputs(session, feature, checked.sql, items);
      const columns = [...Object.keys(schema.columns), "metaxy_data_version_by_field"].map(
        (column) => `r.${quoteIdentifier(column)}`,
      );
      const sql = `SELECT ${columns.join(", ")}, g.metaxy_provenance_by_field, g.metaxy_provenance
        FROM (${checked.sql}) AS r INNER JOIN ${items} AS g ON ${sameGrain(feature, "r", "g")}`;
      return { sql, items, drop };
    }, signal);
  } catch (error) {
    await drop().catch(() => undefined);
    throw error;
  }
}

/** Columns that rows of a set bring along and the feature does not declare. */
function broughtAlong({ plan, spec }: AnyFeature): string[] {
  const columns = plan.kind === "root" ? [] : Object.keys(plan.inputColumns);
  return columns.filter((column) => !Object.hasOwn(spec.columns, column));
}

/** An exported row was made from the inputs of its provenance: by now, its work item may have others. */
async function assertSameInputs(
  session: EngineSession,
  feature: AnyFeature,
  rows: string,
  items: string,
): Promise<void> {
  const { grain } = feature.plan;
  const [outdated] = await session.rows(
    `SELECT ${grainOf(feature, "r")}, count(*) OVER () AS stemma_count
     FROM (${rows}) AS r INNER JOIN ${items} AS g ON ${sameGrain(feature, "r", "g")}
     WHERE r.stemma_carried_provenance <> g.metaxy_provenance LIMIT 1`,
  );
  if (outdated === undefined) return;
  const id = printGrain(grain, outdated);
  throw new InputError(
    "not-in-increment",
    `${outdated["stemma_count"]} of the rows for ${feature.key} were made from inputs that have changed since they were exported, the first with ${id}. Export the increment again. To write them as they are, leave out their metaxy_provenance.`,
    { feature: feature.key, grain: Object.fromEntries(grain.map((column) => [column, outdated[column]])) },
  );
}

/** Every row must belong to a work item that is new or stale. */
async function assertRequested(
  session: EngineSession,
  feature: AnyFeature,
  rows: string,
  items: string,
): Promise<void> {
  const { grain } = feature.plan;
  const [unexpected] = await session.rows(
    `SELECT ${grainOf(feature, "r")}, count(*) OVER () AS stemma_count
     FROM (${rows}) AS r ${session.dialect.antiJoin(`${items} AS g`, sameGrain(feature, "r", "g"))} LIMIT 1`,
  );
  if (unexpected === undefined) return;
  const id = printGrain(grain, unexpected);
  throw new InputError(
    "not-in-increment",
    `${unexpected["stemma_count"]} of the rows for ${feature.key} belong to no item of this increment, the first with ${id}: it is neither new nor stale. Write rows for new and stale items only, or use store.write with rows that have their provenance.`,
    { feature: feature.key, grain: Object.fromEntries(grain.map((column) => [column, unexpected[column]])) },
  );
}

function grainOf({ plan }: AnyFeature, alias: string): string {
  return plan.grain.map((column) => `${alias}.${quoteIdentifier(column)}`).join(", ");
}

function printGrain(grain: readonly string[], row: Readonly<Record<string, unknown>>): string {
  return grain.map((column) => `${column} = ${String(row[column])}`).join(", ");
}
