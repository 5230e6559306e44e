import type { ColumnFacts } from "../../runtime/columns/column-type.ts";
import type { ParsedColumn } from "../parse/parsed-spec.ts";
import type { FeatureModel } from "../resolve/project-model.ts";

/** A user column of increment rows, as it arrives. */
export interface IncrementColumn extends ColumnFacts {
  readonly name: string;
  readonly source: ParsedColumn;
}

/**
 * The user columns of a derived feature's increment rows, in the order of its deps, each once.
 *
 * A column of an optional dep may be missing, but for the columns on which the deps are joined: those come from the
 * required deps, or from whichever dep has the sample.
 */
export function arrivingColumns(feature: FeatureModel): IncrementColumn[] {
  const columns = new Map<string, IncrementColumn>();
  for (const dep of feature.deps) {
    for (const { name, source } of dep.columns) {
      const joined = feature.joinColumns.includes(name);
      const nullable = !joined && (source.nullable || (dep.optional && feature.deps.length > 1));
      if (!columns.has(name)) columns.set(name, { name, type: source.type, nullable, source });
    }
  }
  return [...columns.values()];
}
