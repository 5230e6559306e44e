import { parsedColumns } from "../../columns/parsed-columns.ts";
import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { RowSet } from "../../increment.ts";
import type { Filter } from "../../store.ts";
import { BindParameters } from "../bind-parameters.ts";
import type { EngineSession } from "../engine.ts";
import type { StoreContext } from "../store-context.ts";
import { assertReadable } from "../tables/assert-fit.ts";
import { bindFilter, compileFilters } from "../tables/bind-filters.ts";
import { readableTable } from "../tables/feature-tables.ts";
import { misfitsOf } from "../tables/misfits.ts";
import { currentRows, noRows } from "../tables/relation.ts";
import { systemColumns, versionColumns } from "../tables/system-columns.ts";
import { fittedTable } from "../tables/table-changes.ts";
import { BlockRows, type OpenOptions } from "./block-rows.ts";
import { assertNoneMissing, requiredColumns, requiredInside } from "./missing-required.ts";
import { readColumns, readVersionColumns } from "./read-columns.ts";
import { createRowTable } from "./row-table.ts";

/** Options of a read, whatever the types of the feature. */
export interface AnyReadOptions {
  readonly columns?: readonly string[];
  readonly filters?: Filter;
  readonly featureVersion?: string;
  readonly lenient?: boolean;
}

/** Current rows of a feature, ordered by id. Each reader gets the rows as they are when it begins, on a session of its own. */
export function readRows(
  store: Pick<StoreContext, "connect" | "warn">,
  feature: AnyFeature,
  options: AnyReadOptions,
): RowSet<Record<string, unknown>> {
  const requested = requestedColumns(feature, options.columns);
  const others = Object.keys(systemColumns).filter((column) => !versionNames.has(column));
  const columns = [
    ...readColumns(requested),
    ...readVersionColumns(feature),
    ...others.map((name) => ({ name, type: { kind: "scalar", name: systemType(name) } }) as const),
  ];
  const types = [...parsedColumns(feature.spec.columns)].map(([name, { type }]) => [name, type] as const);
  const filters = compileFilters(options.filters, feature.key, new Map(types));
  const unfiltered = {
    idColumns: feature.spec.idColumns,
    featureVersion: options.featureVersion ?? feature.featureVersion,
    columns: feature.spec.columns,
    members: Object.keys(feature.plan.fieldMembers),
    systemColumns: others,
  };
  const openTable = async (session: EngineSession, names: readonly string[]) => {
    const { dialect } = session;
    const parameters = new BindParameters();
    const spec = {
      ...unfiltered,
      filters: filters.map((filter) => bindFilter(dialect, filter, parameters)),
    };
    const stored = await readableTable(session, feature, spec);
    if (stored?.warning !== undefined) store.warn(stored.warning);
    const table = stored?.table;
    if (table !== undefined) {
      const read = { ...spec, columns: spec.filters.length === 0 ? requested : spec.columns };
      const fitted = { ...fittedTable(feature, table), ...read };
      await assertReadable(session, fitted, misfitsOf(dialect, table, read));
    }
    const rows = table === undefined ? noRows(dialect, spec) : currentRows(dialect, { ...spec, table });
    const sql = `SELECT ${names.map((name) => readSql(dialect, name)).join(", ")} FROM (${rows}) ORDER BY ${spec.idColumns.map(quoteIdentifier).join(", ")}`;
    const required =
      options.lenient === true
        ? []
        : [
            ...requiredColumns(requested, spec.idColumns, names),
            ...requiredInside(dialect.values, feature, names),
          ];
    const rowTable = await createRowTable(session, "stemma_read", sql, parameters.of(sql), required);
    assertNoneMissing(rowTable, feature.key);
    return rowTable;
  };
  const open = async (names: readonly string[], { signal, before }: OpenOptions = {}) => {
    const session = await store.connect(feature);
    const release = () => session.close();
    try {
      await before?.(session);
      const table = await session.exclusive(
        () => session.transaction(() => openTable(session, names)),
        signal,
      );
      return { ...table, release };
    } catch (error) {
      await release();
      throw error;
    }
  };
  return new BlockRows<Record<string, unknown>>({ what: `Rows of ${feature.key}`, columns, open });
}

/** An infinite time of another program is no time. */
function readSql({ values }: Dialect, name: string): string {
  const column = quoteIdentifier(name);
  return systemColumns[name] === "TIMESTAMPTZ"
    ? `CASE WHEN ${values.isFinite(column)} THEN ${column} END AS ${column}`
    : column;
}

const versionNames: ReadonlySet<string> = new Set(versionColumns);

function systemType(name: string): "TIMESTAMPTZ" | "VARCHAR" {
  return systemColumns[name] === "TIMESTAMPTZ" ? "TIMESTAMPTZ" : "VARCHAR";
}

function requestedColumns(feature: AnyFeature, names: readonly string[] | undefined): Record<string, string> {
  const { columns } = feature.spec;
  if (names === undefined) return columns;
  const unknown = names.find((name) => columns[name] === undefined);
  if (unknown !== undefined) {
    throw new InputError(
      "unknown-column",
      `${feature.key} has no column ${JSON.stringify(unknown)}. It has ${Object.keys(columns).join(", ")}.`,
      { feature: feature.key, column: unknown },
    );
  }
  return Object.fromEntries(names.map((name) => [name, columns[name] ?? ""]));
}
