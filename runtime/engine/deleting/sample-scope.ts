import { parsedColumns } from "../../columns/parsed-columns.ts";
import type { Dialect } from "../../dialect/dialect.ts";
import { quoteLiteral } from "../../dialect/sql-text.ts";
import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import { type BoundFilter, boundColumns } from "../../filter/index.ts";
import type { BindParameters } from "../bind-parameters.ts";
import type { EngineSession } from "../engine.ts";
import type { SetOwner } from "../increment/set-owner.ts";
import { bindFilter, compileFilters } from "../tables/bind-filters.ts";
import { emptyParentsTable } from "../tables/empty-parents.ts";
import { qualifiedName } from "../tables/physical-table.ts";
import { workItemsTable } from "../tables/work-items.ts";
import { hasRequestedKey } from "./same-key.ts";
import { type StoredColumns, storedColumns } from "./stored-table.ts";

/** The stored rows that a delete selects, as SQL conditions. */
export interface SampleScope {
  /** Condition on the latest row of a sample: whether the sample is selected. */
  readonly rows: string;
  /** Whether the id of a sample alone decides whether it is selected. */
  readonly isById: boolean;
  /** Whether rows without an id are selected too. */
  readonly withoutId: boolean;
  /** Condition on empty parents; undefined where none can be selected. */
  readonly parents: string | undefined;
  /** Samples with a row at or after this offset are not deleted: they were written since. */
  readonly offset?: bigint;
}

/** The tables of a feature, undefined where they were never written. */
export interface ScopeTables {
  readonly rows: StoredColumns | undefined;
  readonly parents: StoredColumns | undefined;
}

/** Finds the tables of a feature. */
export async function scopeTables(session: EngineSession, feature: AnyFeature): Promise<ScopeTables> {
  const find = async (table: string) => {
    const name = qualifiedName(table);
    return (await session.columnsOf(name)) === undefined ? undefined : storedColumns(session, name);
  };
  return {
    rows: await find(feature.table),
    parents: feature.plan.traits.mayBeEmpty ? await find(emptyParentsTable(feature)) : undefined,
  };
}

/** The samples for which filters hold. A filter that reads only grain columns selects empty parents too. */
export function scopeOfFilters(
  dialect: Dialect,
  feature: AnyFeature,
  filters: readonly string[],
  { rows, parents }: ScopeTables,
  parameters: BindParameters,
): SampleScope {
  const { idColumns } = feature.spec;
  const compiled = compileFilters(filters, feature.key, nameableColumns(feature, rows));
  const read = new Set(compiled.flatMap(boundColumns).map(({ path: [column] }) => column));
  if (rows !== undefined) assertStored(feature, read, rows);
  const bind = (each: readonly BoundFilter[]) =>
    each.map((filter) => `(${bindFilter(dialect, filter, parameters)})`).join(" AND ");
  const isOfParent = [...read].every((column) => feature.plan.grain.includes(column));
  return {
    rows: bind(compiled),
    isById: [...read].every((column) => idColumns.includes(column)),
    withoutId: [...read].some((column) => idColumns.includes(column)),
    parents:
      parents === undefined || !isOfParent
        ? undefined
        : bind(compileFilters(filters, feature.key, parents.types)),
  };
}

/** The samples with given ids. `given` names a table of them. */
export async function scopeOfIds(
  session: EngineSession,
  feature: AnyFeature,
  given: string,
  { rows, parents }: ScopeTables,
): Promise<SampleScope> {
  const { idColumns } = feature.spec;
  const { values } = session.dialect;
  const requested = await storedColumns(session, given);
  const missing = idColumns.find((column) => !requested.types.has(column));
  if (missing !== undefined) {
    throw new InputError(
      "missing-column",
      `The query for ids of ${feature.key} lacks ${missing}. It has to give ${idColumns.join(", ")}.`,
      { feature: feature.key, column: missing },
    );
  }
  return {
    rows: rows === undefined ? "false" : hasRequestedKey(values, idColumns, rows, requested),
    isById: true,
    withoutId: false,
    parents:
      parents === undefined || feature.plan.traits.outputs === "many"
        ? undefined
        : hasRequestedKey(values, idColumns, parents, requested),
  };
}

/** The stored samples of a set: for an expansion, all children of its parents. */
export async function scopeOfSet(
  session: EngineSession,
  feature: AnyFeature,
  { kind, offset }: SetOwner,
  { rows, parents }: ScopeTables,
): Promise<SampleScope> {
  const { grain } = feature.plan;
  const { tempName, values } = session.dialect;
  const items = await storedColumns(session, tempName(workItemsTable));
  const requested = { ...items, where: `stemma_set = ${quoteLiteral(kind)}` };
  return {
    rows: rows === undefined ? "false" : hasRequestedKey(values, grain, rows, requested),
    isById: feature.plan.traits.outputs === "one",
    withoutId: false,
    parents: parents === undefined ? undefined : hasRequestedKey(values, grain, parents, requested),
    offset,
  };
}

/** The columns that filters may name: those of the stored table, and further ones that the spec declares. */
function nameableColumns(feature: AnyFeature, rows: StoredColumns | undefined): StoredColumns["types"] {
  const stored = [...(rows?.types ?? [])].filter(([column]) => !column.startsWith("metaxy_"));
  const declared = [...parsedColumns(feature.spec.columns)].map(
    ([column, { type }]) => [column, type] as const,
  );
  return new Map([...declared, ...stored]);
}

function assertStored(feature: AnyFeature, read: ReadonlySet<string>, rows: StoredColumns): void {
  const missing = [...read].find((column) => !rows.types.has(column));
  if (missing === undefined) return;
  throw new InputError(
    "unknown-column",
    `The table of ${feature.key} has no column ${missing} yet: no row was written since the spec declares it. Filter by the columns that are stored.`,
    { feature: feature.key, column: missing },
  );
}
