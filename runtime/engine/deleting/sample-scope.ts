import type { ColumnType } from "../../columns/column-type.ts";
import { parsedColumns } from "../../columns/parsed-columns.ts";
import { type ScalarType, scalarTypes } from "../../columns/scalar-types.ts";
import { nearestColumnType } from "../../columns/stored-type.ts";
import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import type { ValueDialect } from "../../dialect/value-dialect.ts";
import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import { type BoundFilter, boundColumns } from "../../filter/index.ts";
import type { BindParameters } from "../bind-parameters.ts";
import type { EngineSession } from "../engine.ts";
import { errorsSchema, errorsTable } from "../failures/errors-table.ts";
import type { SetOwner } from "../increment/set-owner.ts";
import { bindFilter, compileFilters } from "../tables/bind-filters.ts";
import { emptyParentsTable } from "../tables/empty-parents.ts";
import { qualifiedName } from "../tables/physical-table.ts";
import { workItemsTable } from "../tables/work-items.ts";

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
  /** Condition on the recorded errors of work items; undefined where none can be selected. */
  readonly errors: string | undefined;
  /** Samples with a row at or after this offset are not deleted: they were written since. */
  readonly offset?: bigint;
}

/** The tables of a feature, undefined where they were never written. */
export interface ScopeTables {
  readonly rows: StoredColumns | undefined;
  readonly parents: StoredColumns | undefined;
  /** Errors of work items that failed. */
  readonly errors: StoredColumns | undefined;
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
    errors:
      (await errorsSchema(session, feature)) === undefined ? undefined : await find(errorsTable(feature)),
  };
}

/** The samples for which filters hold. A filter that reads only grain columns selects empty parents too. */
export function scopeOfFilters(
  dialect: Dialect,
  feature: AnyFeature,
  filters: readonly string[],
  { rows, parents, errors }: ScopeTables,
  parameters: BindParameters,
): SampleScope {
  const { idColumns } = feature.spec;
  const compiled = compileFilters(filters, feature.key, nameableColumns(feature, rows));
  const read = new Set(compiled.flatMap(boundColumns).map(({ path: [column] }) => column));
  if (rows !== undefined) assertStored(feature, read, rows);
  const bind = (each: readonly BoundFilter[]) =>
    each.map((filter) => `(${bindFilter(dialect, filter, parameters)})`).join(" AND ");
  const isOfGrain = [...read].every((column) => feature.plan.grain.includes(column));
  const ofGrain = (table: StoredColumns | undefined) =>
    table === undefined || !isOfGrain ? undefined : bind(compileFilters(filters, feature.key, table.types));
  return {
    rows: bind(compiled),
    isById: [...read].every((column) => idColumns.includes(column)),
    withoutId: [...read].some((column) => idColumns.includes(column)),
    parents: ofGrain(parents),
    errors: ofGrain(errors),
  };
}

/** The samples with given ids. `given` names a table of them. */
export async function scopeOfIds(
  session: EngineSession,
  feature: AnyFeature,
  given: string,
  { rows, parents, errors }: ScopeTables,
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
  const ofItem = (table: StoredColumns | undefined) =>
    table === undefined || feature.plan.traits.outputs === "many"
      ? undefined
      : hasRequestedKey(values, same(feature.plan.grain), table, requested);
  return {
    rows: rows === undefined ? "false" : hasRequestedKey(values, same(idColumns), rows, requested),
    isById: true,
    withoutId: false,
    parents: ofItem(parents),
    errors: ofItem(errors),
  };
}

/** The stored samples of a set: for an expansion, all children of its parents. */
export async function scopeOfSet(
  session: EngineSession,
  feature: AnyFeature,
  { kind, offset }: SetOwner,
  { rows, parents, errors }: ScopeTables,
): Promise<SampleScope> {
  const { grain } = feature.plan;
  const { tempName, values } = session.dialect;
  const items = await storedColumns(session, tempName(workItemsTable));
  const requested = { ...items, where: `stemma_set = ${quoteLiteral(kind)}` };
  return {
    rows: rows === undefined ? "false" : hasRequestedKey(values, same(grain), rows, requested),
    isById: feature.plan.traits.outputs === "one",
    withoutId: false,
    parents: parents === undefined ? undefined : hasRequestedKey(values, same(grain), parents, requested),
    errors: errors === undefined ? undefined : hasRequestedKey(values, same(grain), errors, requested),
    offset,
  };
}

/** Rows of an upstream feature, and the columns by which rows of a feature are joined with them. */
export interface JoinedRows {
  readonly rows: StoredColumns;
  /** Column of the feature → column of the upstream. */
  readonly on: Readonly<Record<string, string>>;
}

/**
 * The samples that were made from rows of upstream features: those that agree with one of them in the join columns. A
 * join column that the feature does not store is left out of the comparison.
 */
export function scopeOfRows(
  dialect: Dialect,
  feature: AnyFeature,
  joins: readonly JoinedRows[],
  tables: ScopeTables,
): SampleScope {
  const pairsOf = (on: JoinedRows["on"], stored: StoredColumns) =>
    Object.entries(on).filter(([column]) => stored.types.has(column));
  const conditionOn = (stored: StoredColumns) => {
    const conditions = joins
      .map(({ rows, on }) => ({ rows, pairs: pairsOf(on, stored) }))
      .filter(({ pairs }) => pairs.length > 0)
      .map(({ rows, pairs }) => `(${hasRequestedKey(dialect.values, pairs, stored, rows)})`);
    return conditions.length === 0 ? "false" : conditions.join(" OR ");
  };
  const { idColumns } = feature.spec;
  const joined = joins.flatMap(({ on }) => Object.keys(on));
  return {
    rows: tables.rows === undefined ? "false" : conditionOn(tables.rows),
    isById: joined.every((column) => idColumns.includes(column)),
    withoutId: false,
    parents: tables.parents === undefined ? undefined : conditionOn(tables.parents),
    errors: tables.errors === undefined ? undefined : conditionOn(tables.errors),
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

/** Key columns of the requested rows: a table or query, and a condition on its rows. */
export interface RequestedKeys extends StoredColumns {
  readonly where?: string;
}

/**
 * SQL condition that the key of a stored row is among the requested ones.
 *
 * A stored key may have another type than the spec declares. Values that differ must not compare as equal then: whole
 * numbers are compared as numbers, times as times, everything else as text.
 */
function hasRequestedKey(
  values: ValueDialect,
  columns: readonly (readonly [stored: string, requested: string])[],
  stored: StoredColumns,
  requested: RequestedKeys,
): string {
  const sides = columns.map(([own, other]) => {
    const compare = comparison(values, stored.types.get(own), requested.types.get(other));
    return { stored: compare(quoteIdentifier(own)), requested: compare(quoteIdentifier(other)) };
  });
  const left = sides.map((side) => side.stored).join(", ");
  const right = sides.map((side) => side.requested).join(", ");
  const where = requested.where === undefined ? "" : ` WHERE ${requested.where}`;
  return `(${left}) IN (SELECT ${right} FROM ${requested.name}${where})`;
}

/** Columns that have the same name on both sides. */
function same(columns: readonly string[]): readonly (readonly [string, string])[] {
  return columns.map((column) => [column, column]);
}

/** In what form values of two types are compared. */
function comparison(
  values: ValueDialect,
  stored: ColumnType | undefined,
  requested: ColumnType | undefined,
): (name: string) => string {
  const [left, right] = [scalarOf(stored), scalarOf(requested)];
  if (left !== undefined && left.storage === right?.storage) return (name) => name;
  const order = left?.order === right?.order ? left?.order : undefined;
  if (order === "number") return (name) => values.wholeNumber(name);
  if (order === "time") return (name) => values.tryCast(name, values.scalars.TIMESTAMPTZ.type);
  return (name) => values.cast(name, values.scalars.VARCHAR.type);
}

function scalarOf(type: ColumnType | undefined): ScalarType | undefined {
  return type?.kind === "scalar" ? scalarTypes[type.name] : undefined;
}

/** A table or query, and its columns by what their values are: the nearest type of a spec, whatever the spec declares. */
export interface StoredColumns {
  /** To stand behind FROM. */
  readonly name: string;
  readonly types: ReadonlyMap<string, ColumnType>;
}

/** Reads the columns of a table or query; no row is read. */
export async function storedColumns(session: EngineSession, name: string): Promise<StoredColumns> {
  const columns = [...((await session.columnsOf(name)) ?? [])];
  return { name, types: new Map(columns.map(([column, type]) => [column, nearestColumnType(type)])) };
}
