import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { Counts, SetKind } from "../../increment.ts";
import type { BindParameters } from "../bind-parameters.ts";
import { assertSourcesUnmoved } from "../checkpoint/resolved-sources.ts";
import type { EngineSession, ReadColumn } from "../engine.ts";
import type { OpenOptions, OpenTable, RowSource } from "../reading/block-rows.ts";
import { assertNoneMissing, requiredColumns } from "../reading/missing-required.ts";
import { readColumns, readProvenance, readVersionColumns } from "../reading/read-columns.ts";
import { createRowTable, type RequiredValue } from "../reading/row-table.ts";
import {
  type IncrementSource,
  isSinglePass,
  setColumns,
  setFromItems,
  setOrder,
  setRows,
  sourcesOf,
} from "./increment-queries.ts";
import { type NewCauseFacts, newCause } from "./new-cause.ts";

/** What the rows of an increment's sets are read with. */
export interface SetParts extends IncrementSource, NewCauseFacts {
  readonly session: EngineSession;
  readonly parameters: BindParameters;
  readonly counts: Counts;
  /** Whether rows may lack what their type requires. */
  readonly lenient: boolean;
  /** Makes sure that the grains are in a table. */
  materialize(): Promise<void>;
}

/**
 * Where the rows of a set come from: a temporary table of the increment's session, made when it is first read, of the
 * columns that its reader wants.
 */
export function setSource(parts: SetParts, kind: SetKind): RowSource {
  const { session, feature, parameters, counts } = parts;
  const made: { readonly columns: readonly string[]; readonly table: Promise<OpenTable> }[] = [];
  let count = 0;
  const make = async (columns: readonly string[], signal?: AbortSignal): Promise<OpenTable> => {
    if (counts[kind] === 0) return emptyTable(session);
    if (!isSinglePass(parts)) await parts.materialize();
    const items = isSinglePass(parts) ? undefined : setFromItems(parts, kind, columns);
    const from = items ?? setRows(session.dialect, parts, kind);
    const order = setOrder(parts, kind, columns).map(quoteIdentifier).join(", ");
    const name = `stemma_${kind}_${++count}`;
    const required = requiredIn(parts, kind, columns);
    const create = async () => {
      const cause = columns.includes(causeColumn.name) ? `${await newCause(session, parts)} AS ` : "";
      const selected = columns.map((column) =>
        column === causeColumn.name ? `${cause}${quoteIdentifier(column)}` : quoteIdentifier(column),
      );
      const sql = `SELECT ${selected.join(", ")} FROM (${from}) ORDER BY ${order}`;
      return createRowTable(session, name, sql, parameters.of(sql), required);
    };
    const createUnmoved = async () => {
      const created = await create();
      await assertSourcesUnmoved(session, sourcesOf(parts, kind));
      return created;
    };
    const table = await session.exclusive(
      items === undefined ? () => session.transaction(createUnmoved) : create,
      signal,
    );
    assertNoneMissing(table, upstreamOf(feature));
    return { ...table, release: async () => undefined };
  };
  const open = async (
    columns: readonly string[],
    { signal, before }: OpenOptions = {},
  ): Promise<OpenTable> => {
    await before?.(session);
    const found = made.find((one) => columns.every((column) => one.columns.includes(column)));
    if (found !== undefined) return found.table;
    const one = { columns, table: make(columns, signal) };
    made.push(one);
    // A failure is tried again.
    one.table.catch(() => made.splice(made.indexOf(one), 1));
    return one.table;
  };
  return { what: `${kind} rows of ${feature.key}`, columns: setReadColumns(parts, kind), open };
}

/** Columns of a set that no row should lack. Orphaned rows may, and samples are checked when they are written. */
function requiredIn(parts: SetParts, kind: SetKind, columns: readonly string[]): RequiredValue[] {
  if (kind === "orphaned" || parts.expected.ownDataVersions || parts.lenient) return [];
  return requiredColumns(setColumns(parts, kind), parts.feature.plan.grain, columns);
}

function upstreamOf({ plan, key }: IncrementSource["feature"]): string {
  return plan.kind === "root" ? key : Object.keys(plan.upstream).join(", ");
}

/** Nothing to read, unless the increment is closed. */
function emptyTable(session: EngineSession): Promise<OpenTable> {
  return session.exclusive(async () => ({ session, table: "", rows: 0, release: async () => undefined }));
}

function setReadColumns(source: IncrementSource, kind: SetKind): ReadColumn[] {
  const { feature, expected } = source;
  const ownVersions = kind === "orphaned" || expected.ownDataVersions;
  return [
    ...readColumns(setColumns(source, kind)),
    ...(ownVersions ? readVersionColumns(feature) : readProvenance(feature)),
    ...(kind === "stale" ? [changedFields] : []),
    ...(kind === "new" ? [causeColumn] : []),
  ];
}

const causeColumn: ReadColumn = { name: "metaxy_cause", type: { kind: "scalar", name: "VARCHAR" } };

const changedFields: ReadColumn = {
  name: "metaxy_changed_fields",
  type: { kind: "list", items: { kind: "scalar", name: "VARCHAR" } },
};
