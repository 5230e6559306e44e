import { type LiteralType, scalarTypes } from "../columns/scalar-types.ts";
import type { Binding, TypedColumn } from "./binding.ts";
import { excerpt, quoteColumn, type Wording } from "./filter-problem.ts";

/** The type of literals that compare with a column. Reports a column that no literal compares with. */
export function literalTypeFor(column: TypedColumn, binding: Binding): LiteralType | undefined {
  const { type } = column;
  if (type.kind === "scalar") return scalarTypes[type.name].literal;
  return binding.reportMismatch(column, incomparable(column), column.at);
}

function incomparable({ name, type }: TypedColumn): Required<Wording> {
  const message = "it can only be tested for null";
  if (type.kind === "struct" && type.members.length > 0) {
    const members = type.members.map((member) => quoteColumn(`${name}.${member.name}`));
    return { message, hint: `Name a member of it: ${excerpt(members.join(", "))}.` };
  }
  return { message, hint: `Write ${excerpt(quoteColumn(name))} IS NULL or IS NOT NULL.` };
}
