import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { RowsInput } from "../../increment.ts";
import { quoteName } from "../../sql-text.ts";
import { grainsTable } from "../comparison/comparison.ts";
import type { Session } from "../connection/session.ts";
import { requiredColumns, sameGrain } from "../increment/increment-queries.ts";
import { checkRows } from "./check-rows.ts";
import { shapeOfRows } from "./incoming-shape.ts";
import { stageRows } from "./stage-rows.ts";

/** Rows that answer an increment. */
export interface StagedAnswers {
  /** SQL of rows ready to be written. */
  readonly sql: string;
  /** Temporary table of the grains that they answer, each once. */
  readonly grains: string;
  /** Drops what was staged. */
  drop(): Promise<void>;
}

/**
 * Stages rows that answer an increment, and fills in their provenance by grain.
 *
 * The many grains of the increment are gone through once, for those of the rows; all else costs by the rows.
 * `number` tells this staging from others of the session.
 */
export async function stageAnswers(
  session: Session,
  number: number,
  feature: AnyFeature,
  rows: RowsInput<object>,
): Promise<StagedAnswers> {
  const given = `stemma_answers_${number}`;
  const grains = `stemma_asked_${number}`;
  const drop = async (): Promise<void> => {
    await session.exclusive(() =>
      session.run(`DROP TABLE IF EXISTS ${given}; DROP TABLE IF EXISTS ${grains}`),
    );
  };
  try {
    const shape = shapeOfRows(feature);
    const raw = await stageRows(session, given, rows, shape);
    return await session.exclusive(async () => {
      const checked = await checkRows(session, raw, {
        ...shape,
        required: requiredColumns(feature),
        unique: feature.spec.idColumns,
        checks: feature.plan.checks ?? [],
        provenance: "ignored",
      });
      await session.run(
        `CREATE TEMP TABLE ${grains} AS
         SELECT ${grainOf(feature, "g")}, g.metaxy_provenance_by_field, g.metaxy_provenance
         FROM (SELECT * FROM ${grainsTable} WHERE stemma_set <> 'orphaned') AS g
         SEMI JOIN (${checked.sql}) AS r ON ${sameGrain(feature, "r", "g")}`,
      );
      await assertAsked(session, feature, checked.sql, grains);
      const sql = `SELECT r.* EXCLUDE (metaxy_provenance_by_field), g.metaxy_provenance_by_field, g.metaxy_provenance
        FROM (${checked.sql}) AS r INNER JOIN ${grains} AS g ON ${sameGrain(feature, "r", "g")}`;
      return { sql, grains, drop };
    });
  } catch (error) {
    await drop().catch(() => undefined);
    throw error;
  }
}

/** Every row must answer a grain that is new or stale. */
async function assertAsked(
  session: Session,
  feature: AnyFeature,
  rows: string,
  grains: string,
): Promise<void> {
  const { grain } = feature.plan;
  const [stranger] = await session.rows(
    `SELECT ${grainOf(feature, "r")}, count(*) OVER () AS stemma_count
     FROM (${rows}) AS r ANTI JOIN ${grains} AS g ON ${sameGrain(feature, "r", "g")} LIMIT 1`,
  );
  if (stranger === undefined) return;
  const id = grain.map((column) => `${column} = ${String(stranger[column])}`).join(", ");
  throw new InputError(
    "not-in-increment",
    `${stranger["stemma_count"]} of the rows for ${feature.key} answer nothing in this increment, the first with ${id}: it is neither new nor stale. Write what the increment asks for, or use store.write with rows that bear their provenance.`,
    { feature: feature.key, grain: Object.fromEntries(grain.map((column) => [column, stranger[column]])) },
  );
}

function grainOf({ plan }: AnyFeature, alias: string): string {
  return plan.grain.map((column) => `${alias}.${quoteName(column)}`).join(", ");
}
