import { parsedColumns } from "../../runtime/columns/parsed-columns.ts";
import type { Dialect } from "../../runtime/dialect/dialect.ts";
import type { EngineSession } from "../../runtime/engine/engine.ts";
import { planMigration } from "../../runtime/engine/migrating/plan-migration.ts";
import {
  type BlockingRows,
  columnTypeError,
  findBlockingRows,
} from "../../runtime/engine/tables/assert-fit.ts";
import { featureTable } from "../../runtime/engine/tables/feature-tables.ts";
import { isView, type PhysicalTable } from "../../runtime/engine/tables/physical-table.ts";
import { byFieldColumns } from "../../runtime/engine/tables/system-columns.ts";
import {
  fittedTable,
  lackingFields,
  planTableChanges,
  type TableChange,
} from "../../runtime/engine/tables/table-changes.ts";
import type { StoreError } from "../../runtime/errors.ts";
import type { AnyFeature } from "../../runtime/feature.ts";
import type { BlockedColumn, TableForecast, TableStep } from "../diff/model/version-diff.ts";
import type { SimulatedFeature } from "./simulated-feature.ts";
import type { SimulationCatalog } from "./simulation-catalog.ts";

/** The changes that the table of a feature needs, and why its rows can't be counted as if they were made. */
interface ForecastTable extends TableForecast {
  /** The type of an id column decides which rows join, so nothing can be counted before it is migrated. */
  readonly refusal: StoreError | undefined;
}

/** The changes that the table of a feature needs under its spec; undefined if it needs none or was never written. */
export async function forecastTable(
  store: SimulationCatalog,
  feature: AnyFeature,
): Promise<ForecastTable | undefined> {
  return store.within(feature, async (session) => {
    const table = await featureTable(session, feature);
    if (table === undefined) return undefined;
    const { changes, blocked } = await planTableChanges(session, feature, table);
    const blockingSteps = await blockedSteps(session, feature, table, blocked);
    // Views are never written.
    const done = isView(session.dialect, table)
      ? []
      : [...changes.flatMap(stepOf), ...fieldSteps(session.dialect, feature, table)];
    const steps = [...blockingSteps, ...done];
    const id = blocked.find(({ misfit }) => feature.spec.idColumns.includes(misfit.column));
    const refusal = id && columnTypeError(session, fittedTable(feature, table), id);
    return steps.length === 0 ? undefined : { steps, refusal };
  });
}

/** The columns that block a resolve, and what a migration can do about each. */
async function blockedSteps(
  session: EngineSession,
  feature: AnyFeature,
  table: PhysicalTable,
  blocked: readonly BlockingRows[],
): Promise<BlockedColumn[]> {
  if (blocked.length === 0) return [];
  const { steps } = await planMigration(session, feature, table, false);
  const stuck = new Set(steps.flatMap((step) => (step.kind === "blocked" ? [step.column] : [])));
  const cleared = blocked.filter(
    ({ misfit: { column } }) => stuck.has(column) && isRequired(feature, column),
  );
  const fitted = fittedTable(feature, table);
  const misfits = cleared.map(({ misfit }) => misfit);
  const again = new Map(
    (await findBlockingRows(session, fitted, misfits, "current")).map(({ misfit, rows }) => [
      misfit.column,
      rows,
    ]),
  );
  return blocked.map(({ misfit: { column, stored, declared }, rows, storedRows }) => ({
    kind: "blocked",
    column,
    from: stored,
    to: declared,
    rows,
    storedRows,
    converts: !stuck.has(column),
    rowsToWriteAgain: again.get(column) ?? 0,
  }));
}

function isRequired({ spec }: AnyFeature, column: string): boolean {
  return parsedColumns(spec.columns).get(column)?.nullable === false;
}

/** The feature without its blocked columns, as it resolves once these are migrated. */
export function withoutBlocked(simulated: SimulatedFeature, steps: readonly TableStep[]): SimulatedFeature {
  const { feature, permissive, retainedColumns } = simulated;
  const blocked = new Set(
    steps.flatMap((step) =>
      step.kind === "blocked" && !feature.spec.idColumns.includes(step.column) ? [step.column] : [],
    ),
  );
  if (blocked.size === 0) return simulated;
  const withoutBlockedColumns = (value: AnyFeature): AnyFeature => ({
    ...value,
    spec: {
      ...value.spec,
      columns: Object.fromEntries(
        Object.entries(value.spec.columns).filter(([column]) => !blocked.has(column)),
      ),
    },
  });
  return {
    ...simulated,
    feature: withoutBlockedColumns(feature),
    permissive: withoutBlockedColumns(permissive),
    retainedColumns: retainedColumns.filter((column) => !blocked.has(column)),
    blocked: Object.fromEntries(
      retainedColumns.flatMap((column) =>
        blocked.has(column) ? [[column, feature.spec.columns[column] ?? "VARCHAR"]] : [],
      ),
    ),
  };
}

/** The steps of a change. Columns of versions are reported by the fields that they lack. */
function stepOf(change: TableChange): TableStep[] {
  const { kind, column } = change;
  switch (kind) {
    case "add-column":
      return [{ kind, column, type: change.type }];
    case "copy-column":
      return [{ kind, column, from: change.from, type: change.type }];
    case "change-column":
      return byField.has(column) ? [] : [{ kind: "change-type", column, from: change.from, to: change.to }];
    case "drop-column":
      return [];
  }
}

const byField: ReadonlySet<string> = new Set(byFieldColumns);

function fieldSteps(dialect: Dialect, feature: AnyFeature, table: PhysicalTable): TableStep[] {
  const { fieldMembers } = feature.plan;
  const lacking = new Set(lackingFields(dialect, feature, table).flatMap(({ fields }) => fields));
  const fields = [...lacking].map((member) => fieldMembers[member] ?? member);
  return fields.length === 0 ? [] : [{ kind: "add-fields", fields }];
}
