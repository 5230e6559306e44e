import { quoteIdentifier, quoteLiteral } from "../../runtime/dialect/sql-text.ts";
import type { FieldModel } from "../resolve/project-model.ts";
import { templates } from "./sql-templates.ts";

/** A field that another is computed from: the column that has its value, and its name in the hashed text. */
interface Parent {
  /** Full name that the field has today: its column in the inputs. */
  readonly column: string;
  readonly fullName: string;
}

/**
 * SQL of a field's provenance: its key, its code version, then each parent with its value (behaviour, "Versions of
 * samples"). `parents` stand in the order of their full names.
 */
export function fieldProvenance(
  { codeVersion }: Pick<FieldModel, "codeVersion">,
  key: string,
  parents: readonly (Pick<FieldModel, "fullName"> | Parent)[],
): string {
  const parts: string[] = [];
  let constant = `${key}|${codeVersion}`;
  for (const parent of parents) {
    const column = "column" in parent ? parent.column : parent.fullName;
    parts.push(quoteLiteral(`${constant}|${parent.fullName}|`), quoteIdentifier(column));
    constant = "";
  }
  return templates.provenance({ parts });
}
