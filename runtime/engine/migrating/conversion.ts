import type { ColumnType } from "../../columns/column-type.ts";
import { declaredType } from "../../columns/parsed-columns.ts";
import { type ScalarName, scalarTypes } from "../../columns/scalar-types.ts";
import { isScalar, nearestColumnType, type StoredType } from "../../columns/stored-type.ts";
import type { ValueDialect, ValueSql } from "../../dialect/value-dialect.ts";
import type { AnyFeature } from "../../feature.ts";
import { columnFit } from "../tables/fit/column-fit.ts";
import { returns, type ValueFit } from "../tables/fit/value-fit.ts";
import type { Misfit } from "../tables/misfits.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";

/** A column whose type a migration may change. */
export interface Conversion extends Misfit {
  /**
   * Whether it changes only if stored values require it: the column holds every value of the declared type, and
   * reverting a spec or switching between two branches must not convert it back and forth.
   */
  readonly isOptional: boolean;
}

/** How a migration converts a column to its declared type. A migration may change even the type of an id. */
export function conversionOf(
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
