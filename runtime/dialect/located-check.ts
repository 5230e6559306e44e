import type { ColumnType } from "../columns/column-type.ts";
import type { CheckStep, Constraint, ValueCheck } from "../contract.ts";
import type { LocatedCheck } from "./check-sql.ts";
import type { ValueDialect } from "./value-dialect.ts";

/** A check of a plan on a column of a type, in SQL. */
export function locatedCheck(dialect: ValueDialect, check: ValueCheck, type: ColumnType): LocatedCheck {
  const [, ...steps] = check.at;
  return { steps, sql: dialect.constraint(check, typeAt(type, steps)) };
}

/** Whether a constraint refuses null, and nothing else. */
export function refusesNull(constraint: Constraint): constraint is NullConstraint {
  return (
    constraint.keyword === "required" || (constraint.keyword === "type" && constraint.value === undefined)
  );
}

type NullConstraint = Extract<Constraint, { readonly keyword: "required" | "type" }>;

/** The type of the values that steps lead to; inside JSON all are JSON. */
function typeAt(type: ColumnType, steps: readonly CheckStep[]): ColumnType {
  const [step, ...others] = steps;
  return step === undefined || type.kind === "json" ? type : typeAt(partOf(type, step), others);
}

function partOf(type: ColumnType, step: CheckStep): ColumnType {
  if (type.kind === "list") return type.items;
  if (type.kind === "map") return type.values;
  const member = type.kind === "struct" ? type.members.find(({ name }) => name === step) : undefined;
  if (member === undefined) throw new Error(`A ${type.kind} has no part ${JSON.stringify(step)}`);
  return member.type;
}
