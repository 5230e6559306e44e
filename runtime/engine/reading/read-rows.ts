import { parsedColumns } from "../../columns/parsed-columns.ts";
import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { StoredRows } from "../../reading.ts";
import type { Filter } from "../../store.ts";
import { BindParameters } from "../bind-parameters.ts";
import type { EngineSession } from "../engine.ts";
import { assertKnownOptions } from "../known-options.ts";
import type { StoreContext } from "../store-context.ts";
import { assertReadable } from "../tables/assert-fit.ts";
import { bindFilter, compileFilters } from "../tables/bind-filters.ts";
import { fallbackSchema, featureSchema, readableTable } from "../tables/feature-tables.ts";
import { rowTime } from "../tables/latest-rows.ts";
import { misfitsOf } from "../tables/misfits.ts";
import { currentRows, noRows } from "../tables/relation.ts";
import { storedVersions } from "../tables/stored-versions.ts";
import { systemColumns, versionColumns } from "../tables/system-columns.ts";
import { fittedTable } from "../tables/table-changes.ts";
import { BlockRows, type OpenOptions, type RowSource } from "./block-rows.ts";
import { assertNoneMissing, requiredColumns, requiredInside } from "./missing-required.ts";
import { readColumns, readVersionColumns } from "./read-columns.ts";
import { createRowTable } from "./row-table.ts";

/** Options of a read, whatever the types of the feature. */
export interface AnyReadOptions {
  readonly columns?: readonly string[];
  readonly filters?: Filter;
  readonly featureVersion?: string;
  readonly allVersions?: boolean;
  readonly history?: boolean;
  readonly deleted?: boolean;
  readonly lenient?: boolean;
  readonly fallback?: boolean;
}

const optionNames: readonly (keyof AnyReadOptions)[] = [
  "columns",
  "filters",
  "featureVersion",
  "allVersions",
  "history",
  "deleted",
  "lenient",
  "fallback",
];

/**
 * Stored rows of a feature, ordered by id and then by time. Each reader gets the rows as they are when it begins, on a
 * session of its own.
 */
export function readRows(
  store: Pick<StoreContext, "connect" | "warn">,
  feature: AnyFeature,
  options: AnyReadOptions,
): StoredRows<Record<string, unknown>> {
  assertReadOptions(options);
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
    columns: feature.spec.columns,
    members: Object.keys(feature.plan.fieldMembers),
    systemColumns: others,
    which: options.history === true ? "all" : options.deleted === true ? "latest" : "current",
  } as const;
  const rowsOf = async (session: EngineSession, parameters: BindParameters) => {
    const { dialect } = session;
    const bound = filters.map((filter) => bindFilter(dialect, filter, parameters));
    const relations: string[] = [];
    for (const featureVersion of await versionsToRead(session, feature, options)) {
      const spec = { ...unfiltered, featureVersion, filters: bound };
      const stored = await readableTable(session, feature, spec, options.fallback !== false);
      if (stored === undefined) continue;
      const { table, warning } = stored;
      if (warning !== undefined) store.warn(warning);
      const read = { ...spec, columns: bound.length === 0 ? requested : spec.columns };
      await assertReadable(
        session,
        { ...fittedTable(feature, table), ...read },
        misfitsOf(dialect, table, read),
      );
      relations.push(currentRows(dialect, { ...spec, table }));
    }
    if (relations.length > 0) return relations.map((relation) => `(${relation})`).join(" UNION ALL ");
    return noRows(dialect, { ...unfiltered, featureVersion: feature.featureVersion, filters: [] });
  };
  const openTable = async (session: EngineSession, names: readonly string[]) => {
    const { dialect } = session;
    const parameters = new BindParameters();
    const rows = await rowsOf(session, parameters);
    const order = [...unfiltered.idColumns.map(quoteIdentifier), rowTime(dialect)];
    const sql = `SELECT ${names.map((name) => readSql(dialect, name)).join(", ")} FROM (${rows}) ORDER BY ${order.join(", ")}`;
    const required =
      options.lenient === true
        ? []
        : [
            ...requiredColumns(requested, unfiltered.idColumns, names),
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
  const count = async () => {
    const session = await store.connect(feature);
    try {
      return await session.exclusive(() =>
        session.transaction(async () => {
          const parameters = new BindParameters();
          const sql = `SELECT count(*) AS rows FROM (${await rowsOf(session, parameters)})`;
          const [found] = await session.rows(sql, parameters.of(sql));
          return Number(found?.["rows"]);
        }),
      );
    } finally {
      await session.close();
    }
  };
  const answeredBy = async () => {
    const session = await store.connect(feature);
    try {
      return await session.exclusive(async () => {
        if (options.fallback === false || (await featureSchema(session, feature)) !== undefined)
          return session.database;
        return (await fallbackSchema(session, feature))?.fallback?.database ?? session.database;
      });
    } finally {
      await session.close();
    }
  };
  const source = { what: `Rows of ${feature.key}`, columns, open };
  return new StoredRowSet<Record<string, unknown>>(source, { count, answeredBy });
}

/** Rows of a store that can be counted without being read. */
class StoredRowSet<Row> extends BlockRows<Row> implements StoredRows<Row> {
  readonly #facts: Pick<StoredRows<Row>, "count" | "answeredBy">;

  constructor(source: RowSource, facts: Pick<StoredRows<Row>, "count" | "answeredBy">) {
    super(source);
    this.#facts = facts;
  }

  count(): Promise<number> {
    return this.#facts.count();
  }

  answeredBy(): Promise<string> {
    return this.#facts.answeredBy();
  }
}

function assertReadOptions(options: AnyReadOptions): void {
  assertKnownOptions("read", options, optionNames);
  if (options.allVersions !== true || options.featureVersion === undefined) return;
  throw new InputError("conflicting-options", "read takes one featureVersion or allVersions, not both.", {
    options: ["featureVersion", "allVersions"],
  });
}

/** The feature versions whose rows are read. */
async function versionsToRead(
  session: EngineSession,
  feature: AnyFeature,
  { featureVersion, allVersions, fallback }: AnyReadOptions,
): Promise<readonly string[]> {
  if (allVersions !== true) return [featureVersion ?? feature.featureVersion];
  const versions = await storedVersions(session, feature, fallback !== false);
  return versions.map(({ version }) => version);
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
