import { declaredType, parsedColumns } from "../../columns/parsed-columns.ts";
import { isMap, memberNames } from "../../columns/stored-type.ts";
import type { Dialect } from "../../dialect/dialect.ts";
import type { ValueSql } from "../../dialect/value-dialect.ts";
import { StoreError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { EngineSession } from "../engine.ts";
import { type BlockingRows, columnTypeError, type FittedTable, findBlockingRows } from "./assert-fit.ts";
import { asIs } from "./fit/value-fit.ts";
import { type Misfit, misfitsOf } from "./misfits.ts";
import type { PhysicalTable, TableSchema } from "./physical-table.ts";
import { structType, textType } from "./relation.ts";
import { byFieldColumns } from "./system-columns.ts";

/** What a table needs before it can take rows of its feature as that is declared now. */
export type TableChange =
  /** A column that the spec declares and the table lacks; stored rows are null there. */
  | { readonly kind: "add-column"; readonly column: string; readonly type: string }
  /** A column that was renamed: stored rows have there what they have under its old name. */
  | {
      readonly kind: "copy-column";
      readonly column: string;
      readonly type: string;
      readonly from: string;
      readonly value: ValueSql;
    }
  /** A column that changes its type, and with it how each stored value is written. */
  | {
      readonly kind: "change-column";
      readonly column: string;
      readonly from: string;
      readonly to: string;
      readonly value: ValueSql;
      /** Whether DuckDB's own cast to the type does what `value` does. */
      readonly isPlain: boolean;
    }
  /** A column that goes, with all that it holds. */
  | { readonly kind: "drop-column"; readonly column: string };

type Added = Extract<TableChange, { readonly kind: "add-column" }>;
type Copied = Extract<TableChange, { readonly kind: "copy-column" }>;
type Changed = Extract<TableChange, { readonly kind: "change-column" }>;

/** What a table needs, and what prevents it. */
export interface PlannedChanges {
  readonly changes: readonly TableChange[];
  /** Columns for which nothing can be done, the first one as the error names it. */
  readonly blocked: readonly BlockingRows[];
}

/**
 * What the table of a feature needs, so that no value is bent in or out.
 *
 * @throws StoreError `column-type` where stored values are in the way, or where the column can't hold declared ones.
 */
export async function tableChanges(
  session: EngineSession,
  feature: AnyFeature,
  table: PhysicalTable,
): Promise<readonly TableChange[]> {
  const { changes, blocked } = await planTableChanges(session, feature, table);
  const [first] = blocked;
  if (first !== undefined) throw columnTypeError(session, fittedTable(feature, table), first);
  return changes;
}

/** What the table of a feature needs, with every column that is in the way. */
export async function planTableChanges(
  session: EngineSession,
  feature: AnyFeature,
  table: PhysicalTable,
): Promise<PlannedChanges> {
  const misfits = misfitsOf(session.dialect, table, feature.spec);
  const isCopied = ({ column }: Misfit) => table.copies?.has(column) === true;
  const copied = await copiedColumns(session, feature, table, misfits.filter(isCopied));
  const changed = await changedColumns(
    session,
    feature,
    table,
    misfits.filter((misfit) => !isCopied(misfit)),
  );
  return {
    changes: [
      ...lackingColumns(session.dialect, feature, table),
      ...copied.changes,
      ...changed.changes,
      ...lackingFields(session.dialect, feature, table).map(({ change }) => change),
    ],
    blocked: [...copied.blocked, ...changed.blocked],
  };
}

async function copiedColumns(
  session: EngineSession,
  feature: AnyFeature,
  table: PhysicalTable,
  misfits: readonly Misfit[],
): Promise<PlannedChanges> {
  const blocked = await findBlockingRows(session, fittedTable(feature, table), misfits, "all");
  const copies = [...(table.copies ?? [])].filter(([column]) => !isBlocked(blocked, column));
  const changes = copies.map(([column, from]) =>
    copiedColumn(
      session.dialect,
      feature,
      column,
      from,
      misfits.find((misfit) => misfit.column === column),
    ),
  );
  return { changes, blocked };
}

function isBlocked(blocked: readonly BlockingRows[], column: string): boolean {
  return blocked.some(({ misfit }) => misfit.column === column);
}

/** The copy of a renamed column. `misfit`: how its old type differs from the declared one. */
export function copiedColumn(
  dialect: Dialect,
  feature: AnyFeature,
  column: string,
  from: string,
  misfit: Misfit | undefined,
): Copied {
  const type = dialect.values.typeName(declaredType(feature.spec.columns, column));
  return { kind: "copy-column", column, type, from, value: misfit?.fit.read ?? asIs };
}

async function changedColumns(
  session: EngineSession,
  feature: AnyFeature,
  table: PhysicalTable,
  misfits: readonly Misfit[],
): Promise<PlannedChanges> {
  const fitted = fittedTable(feature, table);
  const isAltered = ({ fit }: Misfit) =>
    table.isOwn && (fit.verdict === "widened" || fit.verdict === "refused");
  const altered = misfits.filter(isAltered).map(emptied);
  const others = misfits.filter((misfit) => !isAltered(misfit));
  const blockingRows = [
    ...(await findBlockingRows(session, fitted, altered, "all")),
    ...(await findBlockingRows(session, fitted, others, "current")),
  ];
  const refused = others
    .filter(({ column, fit }) => fit.verdict === "refused" && !isBlocked(blockingRows, column))
    .map((misfit): BlockingRows => ({ misfit, rows: 0, storedRows: 0 }));
  const blocked = [...blockingRows, ...refused];
  const changes = altered
    .filter(({ column }) => !isBlocked(blocked, column))
    .map((misfit) => alteration(session.dialect, misfit));
  return { changes, blocked };
}

function alteration({ values }: Dialect, { column, stored, declared, fit }: Misfit): TableChange {
  if (fit.verdict === "widened")
    return {
      kind: "change-column",
      column,
      from: stored,
      to: fit.widenedType,
      value: fit.widen,
      isPlain: fit.isPlain,
    };
  const value = () => values.nullOf(declared);
  return { kind: "change-column", column, from: stored, to: declared, value, isPlain: false };
}

/** A column that can't hold what is declared may change all the same where it holds nothing at all. */
function emptied(misfit: Misfit): Misfit {
  if (misfit.fit.verdict !== "refused") return misfit;
  return { ...misfit, fit: { ...misfit.fit, readable: (sql) => `(${sql}) IS NULL` } };
}

/** A feature's own table, as its columns are compared with the declared ones. */
export function fittedTable(feature: AnyFeature, table: PhysicalTable): FittedTable {
  const { key, featureVersion, spec } = feature;
  return { key, tableName: feature.table, featureVersion, table, ...spec };
}

/** The declared columns that a table lacks. */
export function lackingColumns({ values }: Dialect, feature: AnyFeature, table: TableSchema): Added[] {
  const folded = new Map([...table.columns.keys()].map((column) => [column.toLowerCase(), column]));
  return [...parsedColumns(feature.spec.columns)].flatMap(([column, declared]): Added[] => {
    if (table.columns.has(column)) return [];
    const twin = folded.get(column.toLowerCase());
    if (twin === undefined) return [{ kind: "add-column", column, type: values.typeName(declared.type) }];
    throw new StoreError(
      "table-shape",
      `The table of ${feature.key} has the column ${twin}, and its spec declares ${column}: DuckDB can't hold both. Give the column another name.`,
      { feature: feature.key, column },
    );
  });
}

/** A column of versions that lacks members for some fields. */
export interface LackingFields {
  readonly change: Changed;
  /** Struct members. */
  readonly fields: readonly string[];
}

/** The fields for which the columns of versions have no member. */
export function lackingFields(dialect: Dialect, feature: AnyFeature, table: TableSchema): LackingFields[] {
  const { values } = dialect;
  return byFieldColumns.flatMap((column): LackingFields[] => {
    const type = table.columns.get(column);
    if (isMap(type)) return [];
    const present = memberNames(type);
    const lacking = Object.keys(feature.plan.fieldMembers).filter((member) => !present.includes(member));
    if (lacking.length === 0) return [];
    const members = [...present, ...lacking];
    const value: ValueSql = (sql) =>
      values.struct(
        members.map((member) => [
          member,
          present.includes(member) ? values.member(sql, member) : values.nullOf(textType(dialect)),
        ]),
      );
    const [from, to] = [structType(dialect, present), structType(dialect, members)];
    return [{ change: { kind: "change-column", column, from, to, value, isPlain: true }, fields: lacking }];
  });
}
