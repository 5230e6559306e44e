import type { AnyFeature } from "../../feature.ts";
import type { RowsInput } from "../../increment.ts";
import { sampleHash } from "../resolve/expected-items.ts";
import type { Session } from "../../duckdb/session.ts";
import { requiredColumns } from "../increment/increment-queries.ts";
import { checkRows } from "./check-rows.ts";
import { stagingSchemaOf } from "./staging-schema.ts";
import { stageRows } from "./stage-rows.ts";

/** Stages rows that bear their provenance themselves. Gives SQL of rows ready to be written. */
export async function stageRowsWithProvenance(
  session: Session,
  feature: AnyFeature,
  rows: RowsInput<object>,
): Promise<string> {
  const schema = stagingSchemaOf(feature);
  const raw = await stageRows(session, "stemma_given", rows, schema);
  const checked = await session.exclusive(() =>
    checkRows(session, raw, {
      ...schema,
      required: requiredColumns(feature),
      unique: feature.spec.idColumns,
      checks: feature.plan.checks ?? [],
      provenance: "required",
    }),
  );
  const hash = sampleHash(feature.plan.fieldMembers, "metaxy_provenance_by_field");
  return `SELECT *, ${hash} AS metaxy_provenance FROM (${checked.sql})`;
}
