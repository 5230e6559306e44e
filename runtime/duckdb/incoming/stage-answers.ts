import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { RowsInput } from "../../increment.ts";
import { quoteName } from "../../sql-text.ts";
import { grainsTable } from "../comparison/comparison.ts";
import type { Session } from "../connection/session.ts";
import { requiredColumns, sameGrain } from "../increment/increment-queries.ts";
import { checkRows } from "./check-rows.ts";
import { stageRows } from "./stage-rows.ts";

/**
 * Stages rows that answer an increment, and fills in their provenance by grain. Gives SQL of rows ready to be written.
 *
 * `name` is that of the temporary table.
 */
export async function stageAnswers(
  session: Session,
  name: string,
  feature: AnyFeature,
  rows: RowsInput<object>,
): Promise<string> {
  const shape = {
    feature: feature.key,
    columns: feature.spec.columns,
    members: Object.keys(feature.plan.members),
  };
  const raw = await stageRows(session, name, rows, shape);
  return session.exclusive(async () => {
    const checked = await checkRows(session, raw, {
      ...shape,
      required: requiredColumns(feature),
      unique: feature.spec.idColumns,
      checks: feature.plan.checks ?? {},
      provenance: "ignored",
    });
    await assertAsked(session, feature, checked.sql);
    return `SELECT r.* EXCLUDE (metaxy_provenance_by_field), g.metaxy_provenance_by_field, g.metaxy_provenance
      FROM (${checked.sql}) AS r INNER JOIN ${asked} AS g ON ${sameGrain(feature, "r", "g")}`;
  });
}

const asked = `(SELECT * FROM ${grainsTable} WHERE stemma_set <> 'orphaned')`;

/** Every row must answer a grain that is new or stale. */
async function assertAsked(session: Session, feature: AnyFeature, rows: string): Promise<void> {
  const { grain } = feature.plan;
  // Joined like this the few rows are hashed, and the many grains only pass by.
  const [counts] = await session.rows(
    `SELECT (SELECT count(*) FROM (${rows})) AS given,
       (SELECT count(*) FROM (${rows}) AS r INNER JOIN ${asked} AS g ON ${sameGrain(feature, "r", "g")}) AS asked`,
  );
  if (counts?.["given"] === counts?.["asked"]) return;
  const [stranger] = await session.rows(
    `SELECT ${grain.map((column) => `r.${quoteName(column)}`).join(", ")}, count(*) OVER () AS stemma_count
     FROM (${rows}) AS r ANTI JOIN ${asked} AS g ON ${sameGrain(feature, "r", "g")} LIMIT 1`,
  );
  if (stranger === undefined) return;
  const id = grain.map((column) => `${column} = ${String(stranger[column])}`).join(", ");
  throw new InputError(
    "not-in-increment",
    `${stranger["stemma_count"]} of the rows for ${feature.key} answer nothing in this increment, the first with ${id}: it is neither new nor stale. Write what the increment asks for, or use store.write with rows that bear their provenance.`,
    { feature: feature.key, grain: Object.fromEntries(grain.map((column) => [column, stranger[column]])) },
  );
}
