import type { ColumnFacts } from "../../runtime/columns/column-type.ts";
import type { ParsedColumn } from "../parse/parsed-spec.ts";
import { joinedColumns } from "../resolve/join-deps.ts";
import type { FeatureModel } from "../resolve/project-model.ts";

/** A user column of increment rows, as it arrives. */
export interface IncrementColumn extends ColumnFacts {
  readonly name: string;
  readonly source: ParsedColumn;
}

/** The user columns of a derived feature's increment rows. */
export function inputColumns({ deps, joinColumns }: FeatureModel): IncrementColumn[] {
  const arriving = deps.map(({ optional, columns }) => ({
    optional,
    columns: columns.map(({ name, source }) => [name, source] as const),
  }));
  return joinedColumns(arriving, joinColumns).map(({ name, column, nullable }) => ({
    name,
    type: column.type,
    nullable,
    source: column,
  }));
}
