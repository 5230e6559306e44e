import { parsedColumns } from "../../columns/parsed-columns.ts";
import { declaredAsStored } from "../../columns/stored-type.ts";
import type { Dialect } from "../../dialect/dialect.ts";
import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { Bindings, EngineSession } from "../engine.ts";
import { assertUnique } from "../staging/assert-unique.ts";
import { type CastColumn, castColumns } from "../staging/cast-columns.ts";
import { assertColumnValues, selectAs } from "../staging/check-columns.ts";
import { requiredColumns } from "../staging/staging-schema.ts";
import { constraintChecks, nullChecks, readableChecks } from "../staging/value-checks.ts";
import { type IncrementSource, setColumns, setRows } from "./increment-queries.ts";

/** A set as rows of the feature. */
export interface SetOutputs {
  /** SQL of the rows, ready to be written. */
  readonly sql: string;
  readonly feature: AnyFeature;
  readonly kind: "new" | "stale";
  /** SQL of the rows as they arrive from the upstream features. */
  readonly arriving: string;
  readonly columns: readonly CastColumn[];
}

/** A set as rows of the feature; refused where it lacks a column that each row needs, or has one of another type. */
export function setAsOutputs(dialect: Dialect, source: IncrementSource, kind: "new" | "stale"): SetOutputs {
  const { feature, expected } = source;
  const declared = [...parsedColumns(setColumns(source, kind))];
  const arriving = new Map(declared.map(([name, { type }]) => [name, declaredAsStored(type)]));
  const lacking = requiredColumns(feature).filter((column) => !arriving.has(column));
  if (lacking.length > 0) {
    throw new InputError(
      "missing-column",
      `increment.${kind} of ${feature.key} can't be written as it is: it lacks ${lacking.join(", ")}, which every row of ${feature.key} needs. Write rows that have them.`,
      { feature: feature.key, columns: lacking },
    );
  }
  const columns = castColumns(dialect.values, feature.spec.columns, arriving, {
    what: `increment.${kind} of ${feature.key}`,
    hint: "Write rows of your own that have it in that type.",
  });
  const dataVersions = expected.ownDataVersions ? "" : "NULL AS ";
  const rows = `(${setRows(dialect, source, kind)})`;
  const sql = `SELECT ${columns.map(selectAs).join(", ")}, metaxy_provenance_by_field, metaxy_provenance,
      ${dataVersions}metaxy_data_version_by_field
    FROM ${rows}`;
  return { sql, feature, kind, arriving: rows, columns };
}

/** Checks the values of a set as those of rows from anywhere else are checked. */
export async function assertSet(
  session: EngineSession,
  { sql, feature, kind, arriving, columns }: SetOutputs,
  bindings: Bindings,
): Promise<void> {
  const { spec, plan, key } = feature;
  const rows = { table: arriving, number: undefined, bindings, feature: key, set: kind, ids: spec.idColumns };
  await assertColumnValues(session, rows, columns, [
    ...nullChecks(requiredColumns(feature), spec.idColumns),
    ...readableChecks(session.dialect.values, spec.columns),
    ...constraintChecks(session.dialect.values, plan.checks ?? [], spec.columns),
  ]);
  // Several rows of the set may belong to one sample.
  if (plan.kind === "derived" && plan.cardinality !== "one")
    await assertUnique(session, sql, { feature: key, unique: spec.idColumns }, bindings);
}
