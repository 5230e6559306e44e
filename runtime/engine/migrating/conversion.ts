import { type DuckDBType, DuckDBTypeId } from "@duckdb/node-api";
import { parseColumn } from "../../columns/column-type.ts";
import type { AnyFeature } from "../../feature.ts";
import { columnFit } from "../tables/fit/column-fit.ts";
import { tryCast, type ValueFit } from "../tables/fit/value-fit.ts";
import type { Misfit } from "../tables/misfits.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";
import { storedTypeSql, structMembers } from "../tables/stored-type.ts";

/** A column whose type a migration may change. */
export interface Conversion extends Misfit {
  /**
   * Whether it changes only where stored values are in the way: it holds every value of the declared type, and going
   * back, or working on two branches, must not convert it to and fro.
   */
  readonly isOptional: boolean;
}

/** How a migration brings a column to its declared type. Asked for by name, even the type of an id may change. */
export function conversionOf(feature: AnyFeature, table: PhysicalTable, misfit: Misfit): Conversion {
  const { type } = parseColumn(feature.spec.columns[misfit.column] ?? "VARCHAR");
  const stored = table.columns.get(misfit.column);
  if (stored === undefined) return { ...misfit, isOptional: false };
  const fit = columnFit(stored, type, { isId: false, isOwn: table.isOwn ?? false });
  const isOptional = misfit.fit.verdict === "kept" && fit.verdict === "kept" && isOwnType(stored);
  return { ...misfit, fit: fit.verdict === "refused" ? printed(misfit, fit) : fit, isOptional };
}

/** The scalar types that tables of ours have. */
const ownScalars: ReadonlySet<string> = new Set([
  "VARCHAR",
  "BIGINT",
  "DOUBLE",
  "BOOLEAN",
  "TIMESTAMP WITH TIME ZONE",
  "DATE",
  "UUID",
  "JSON",
]);

function isOwnType(type: DuckDBType): boolean {
  switch (type.typeId) {
    case DuckDBTypeId.LIST:
      return isOwnType(type.valueType);
    case DuckDBTypeId.MAP:
      return isOwnType(type.valueType);
    case DuckDBTypeId.STRUCT:
      return structMembers(type).every((member) => isOwnType(member.type));
    default:
      return ownScalars.has(storedTypeSql(type));
  }
}

/** Numbers and their texts, which are exact where the one prints as the other. */
function printed({ stored, declared }: Misfit, refused: ValueFit): ValueFit {
  const isPrinted =
    (stored === "VARCHAR" && declared === "DOUBLE") || (stored === "DOUBLE" && declared === "VARCHAR");
  if (!isPrinted) return refused;
  const [there, back] = [tryCast(declared), tryCast(stored)];
  return {
    ...refused,
    verdict: "kept",
    read: there,
    readable: (sql) => `${back(there(sql))} IS NOT DISTINCT FROM ${sql}`,
    isPlain: true,
  };
}
