import type { ColumnType } from "../../columns/column-type.ts";
import { declaredType } from "../../columns/parsed-columns.ts";
import { type ScalarName, scalarTypes } from "../../columns/scalar-types.ts";
import { isScalar, nearestColumnType, type StoredType } from "../../columns/stored-type.ts";
import type { ValueDialect, ValueSql } from "../../dialect/value-dialect.ts";
import type { AnyFeature } from "../../feature.ts";
import type { MigrationStep } from "../../migrating.ts";
import type { EngineSession } from "../engine.ts";
import { findBlockingRows, type RowScope } from "../tables/assert-fit.ts";
import { columnFit } from "../tables/fit/column-fit.ts";
import { returns, type ValueFit } from "../tables/fit/value-fit.ts";
import { type Misfit, misfitsOf } from "../tables/misfits.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";
import {
  copiedColumn,
  fittedTable,
  lackingColumns,
  lackingFields,
  type TableChange,
} from "../tables/table-changes.ts";

/** What a migration does: the steps that it reports, and the changes that it makes. */
export interface MigrationPlan {
  readonly steps: readonly MigrationStep[];
  readonly changes: readonly TableChange[];
}

/** Plans the changes that bring a table to the columns that its spec declares. */
export async function planMigration(
  session: EngineSession,
  feature: AnyFeature,
  table: PhysicalTable,
  drop: boolean,
): Promise<MigrationPlan> {
  const conversions = misfitsOf(session.dialect, table, feature.spec).map((misfit) =>
    conversionOf(session.dialect.values, feature, table, misfit),
  );
  const plans: MigrationPlan[] = lackingColumns(session.dialect, feature, table).map((change) => ({
    steps: [{ kind: "add-column", column: change.column, type: change.type }],
    changes: [change],
  }));
  for (const [column, from] of table.copies ?? []) {
    const conversion = conversions.find((one) => one.column === column);
    plans.push(await planCopy(session, feature, table, { column, from, conversion, drop }));
  }
  for (const conversion of conversions.filter(({ column }) => table.copies?.has(column) !== true))
    plans.push(await planConversion(session, feature, table, conversion, drop));
  for (const { change, fields } of lackingFields(session.dialect, feature, table))
    plans.push({ steps: [{ kind: "add-fields", column: change.column, fields }], changes: [change] });
  for (const column of drop ? oldNames(feature, table) : [])
    plans.push({ steps: [{ kind: "drop-column", column }], changes: [{ kind: "drop-column", column }] });
  return {
    steps: plans.flatMap(({ steps }) => steps),
    changes: plans.flatMap(({ changes }) => changes),
  };
}

interface CopiedColumn {
  readonly column: string;
  readonly from: string;
  readonly conversion: Conversion | undefined;
  readonly drop: boolean;
}

async function planCopy(
  session: EngineSession,
  feature: AnyFeature,
  table: PhysicalTable,
  { column, from, conversion, drop }: CopiedColumn,
): Promise<MigrationPlan> {
  const rows =
    conversion === undefined ? 0 : await countBlockingRows(session, feature, table, conversion, "all");
  if (conversion !== undefined && rows > 0 && !drop) return blocked(conversion, rows);
  const change = copiedColumn(session.dialect, feature, column, from, conversion && cleared(conversion));
  return {
    steps: [...clearing(column, rows), { kind: "copy-column", column, from, type: change.type }],
    changes: [change],
  };
}

async function planConversion(
  session: EngineSession,
  feature: AnyFeature,
  table: PhysicalTable,
  conversion: Conversion,
  drop: boolean,
): Promise<MigrationPlan> {
  const { column, stored, declared, isOptional } = conversion;
  const isNeeded =
    !isOptional || (await countBlockingRows(session, feature, table, conversion, "current")) > 0;
  if (!isNeeded) return { steps: [], changes: [] };
  const rows = await countBlockingRows(session, feature, table, conversion, "all");
  if (rows > 0 && !drop) return blocked(conversion, rows);
  const { fit } = rows > 0 ? cleared(conversion) : conversion;
  return {
    steps: [...clearing(column, rows), { kind: "change-type", column, from: stored, to: declared }],
    changes: [
      { kind: "change-column", column, from: stored, to: declared, value: fit.read, isPlain: fit.isPlain },
    ],
  };
}

function blocked({ column, stored, declared }: Misfit, rows: number): MigrationPlan {
  return { steps: [{ kind: "blocked", column, from: stored, to: declared, rows }], changes: [] };
}

function clearing(column: string, rows: number): MigrationStep[] {
  return rows === 0 ? [] : [{ kind: "clear-values", column, rows }];
}

async function countBlockingRows(
  session: EngineSession,
  feature: AnyFeature,
  table: PhysicalTable,
  misfit: Misfit,
  scope: RowScope,
): Promise<number> {
  const [found] = await findBlockingRows(session, fittedTable(feature, table), [misfit], scope);
  return found?.rows ?? 0;
}

/** A column whose values become null if the declared type can't hold them. */
function cleared(misfit: Misfit): Misfit {
  const { read, readable } = misfit.fit;
  if (readable === undefined) return misfit;
  return {
    ...misfit,
    fit: {
      ...misfit.fit,
      read: (sql, depth) => `CASE WHEN ${readable(sql, depth)} THEN ${read(sql, depth)} END`,
      isPlain: false,
    },
  };
}

/** Columns that the table still has under their former names. */
function oldNames({ spec }: AnyFeature, table: PhysicalTable): string[] {
  return Object.values(spec.renamedFrom?.columns ?? {}).filter(
    (old) => table.columns.has(old) && !(old in spec.columns),
  );
}

/** A column whose type a migration may change. */
export interface Conversion extends Misfit {
  /**
   * Whether it changes only if stored values require it: the column holds every value of the declared type, and
   * reverting a spec or switching between two branches must not convert it back and forth.
   */
  readonly isOptional: boolean;
}

/** How a migration converts a column to its declared type. A migration may change even the type of an id. */
function conversionOf(
  values: ValueDialect,
  feature: AnyFeature,
  table: PhysicalTable,
  misfit: Misfit,
): Conversion {
  const stored = table.columns.get(misfit.column);
  if (stored === undefined) return { ...misfit, isOptional: false };
  const type = declaredType(feature.spec.columns, misfit.column);
  const fit = columnFit(values, stored, type, { isId: false, isOwn: table.isOwn ?? false });
  const isOptional = misfit.fit.verdict === "kept" && fit.verdict === "kept" && isOwnType(stored);
  return { ...misfit, fit: fit.verdict === "refused" ? printed(values, stored, type, fit) : fit, isOptional };
}

/** Whether tables of ours have the type. */
function isOwnType(type: StoredType): boolean {
  switch (type.kind) {
    case "scalar": {
      const nearest = nearestColumnType(type);
      return nearest.kind === "scalar" && scalarTypes[nearest.name].storage === type.name;
    }
    case "list":
      return type.length === undefined && isOwnType(type.items);
    case "map":
      return isOwnType(type.values);
    case "struct":
      return type.members.every((member) => isOwnType(member.type));
    case "json":
      return true;
    case "decimal":
    case "enum":
    case "other":
      return false;
  }
}

/** Numbers and their texts: exact for the values that print as each other. */
function printed(
  values: ValueDialect,
  stored: StoredType,
  declared: ColumnType,
  refused: ValueFit,
): ValueFit {
  const isDeclared = (name: ScalarName) => declared.kind === "scalar" && declared.name === name;
  const isPrinted =
    (isScalar(stored, "utf8") && isDeclared("DOUBLE")) ||
    (isScalar(stored, "float64") && isDeclared("VARCHAR"));
  if (!isPrinted) return refused;
  const there: ValueSql = (sql) => values.tryCast(sql, values.typeName(declared));
  const back: ValueSql = (sql) => values.tryCast(sql, stored.text);
  return { ...refused, verdict: "kept", read: there, readable: returns(there, back), isPlain: true };
}
