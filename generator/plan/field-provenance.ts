import type { Dialect } from "../../runtime/dialect/dialect.ts";
import { quoteIdentifier, quoteLiteral } from "../../runtime/dialect/sql-text.ts";
import type { FieldModel } from "../resolve/project-model.ts";

/** What a field's provenance is hashed over: constant text, and columns of the lineage inputs. */
export type ProvenancePart = { readonly text: string } | { readonly column: string };

/** A field that another is computed from. */
export interface ProvenanceParent {
  /** Its column in the lineage inputs: the full name that it has today. */
  readonly column: string;
  /** Its name in the hashed text. */
  readonly fullName: string;
}

/**
 * Plans a field's provenance: its key, its code version, then each parent with its value, joined by `|`
 * (docs/semantics.md, "Versions of samples"). Parents are given in the order of their full names.
 */
export function provenanceParts(
  { codeVersion }: Pick<FieldModel, "codeVersion">,
  key: string,
  parents: readonly ProvenanceParent[],
): ProvenancePart[] {
  return parents.flatMap(({ column, fullName }, index) => [
    { text: `${index === 0 ? `${key}|${codeVersion}` : ""}|${fullName}|` },
    { column },
  ]);
}

/** Prints the provenance of a field as an expression over the lineage inputs. */
export function printProvenance(parts: readonly ProvenancePart[], dialect: Dialect): string {
  const printed = parts.map((part) =>
    "text" in part ? quoteLiteral(part.text) : quoteIdentifier(part.column),
  );
  return dialect.sampleHash(dialect.concat(printed));
}
