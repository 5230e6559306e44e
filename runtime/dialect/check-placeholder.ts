import { quoteLiteral } from "./sql-text.ts";

/** The placeholder of the value in a predicate. Literals in predicates never contain it: see {@link quoteInCheck}. */
const placeholder = "$value";

/** Quotes a text for a predicate over `$value`. */
export function quoteInCheck(text: string): string {
  return text.includes(placeholder)
    ? `(${text.split(placeholder).map(quoteLiteral).join(" || '$' || 'value' || ")})`
    : quoteLiteral(text);
}

/** A predicate with its value in place. */
export function checkOf(predicate: string, value: string): string {
  return predicate.split(placeholder).join(value);
}
