import type { ColumnTransition } from "../../../runtime/columns/column-transition.ts";
import type { ChangeFacts } from "./rule.ts";

/** A column, or the part of it that changed: `box (properties.label)`. */
export function formatColumn({ subject, detail }: ChangeFacts): string {
  return detail === undefined ? `${subject}` : `${subject} (${detail})`;
}

/** The new value, and the one that it replaces. */
export function describeReplacement({ from, to }: ChangeFacts): string {
  return `is ${formatValue(to)} instead of ${formatValue(from)}`;
}

/** A value, a type or names, truncated to fit a sentence. */
export function formatValue(text: string | undefined): string {
  if (text === undefined) return "any value";
  const characters = [...text];
  return characters.length <= maxLength ? text : `${characters.slice(0, maxLength - 1).join("")}…`;
}

const maxLength = 60;

/** The `rename` of a dep that renames no column. */
export const noRename = "nothing";

/** A sentence with a leading space: what happens to stored values of a column whose type changed. */
export function describeStoredValues(transition: ColumnTransition | undefined): string {
  if (transition === undefined) return "";
  const { verdict, parts } = transition;
  const refused = parts.find((part) => part.verdict === "refused");
  if (refused !== undefined) {
    return ` Stored values cannot be converted (${refused.reason}): resolve and write fail until \`stemma migrate\` rewrites them, or the column has another name.`;
  }
  const conditions = [...new Set(parts.flatMap(({ provided }) => provided ?? []))];
  const provided = conditions.length === 0 ? "" : `, provided that ${conditions.join(" and ")}`;
  return verdict === "widened"
    ? ` Stored values stay exact: the first write alters the table${provided}.`
    : ` Stored values stay as they are${provided}.`;
}
