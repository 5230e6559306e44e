import type { Change, FeatureDiff, Misfit } from "../diff/model/version-diff.ts";
import { codeText } from "./code-text.ts";
import { digits } from "./digits.ts";
import type { PrintName } from "./list-names.ts";

/** Says in sentences which stored rows of a feature are not as its spec says, and what to do. */
export function describeMisfits({ key, rows, changes }: FeatureDiff, print: PrintName): string[] {
  return (rows?.misfits ?? []).map((misfit) => {
    const { rule, column } = misfit;
    const isOne = misfit.rows === 1;
    const subject = `${digits(misfit.rows)} stored ${isOne ? "row" : "rows"} of ${print(key)}`;
    if (rule !== "required") {
      const stay = isOne ? "it stays as it is until it is" : "they stay as they are until they are";
      return `${subject} ${isOne ? "breaks" : "break"} the ${rule} of ${print(column)}: ${stay} written again.`;
    }
    const refusal = `${codeText("read", print)} refuses ${isOne ? "it" : "them"}`;
    return `${subject} ${isOne ? "has" : "have"} no ${print(column)}, and ${refusal}: ${remedyFor(misfit, changes, print)}`;
  });
}

function remedyFor({ column, rows }: Misfit, changes: readonly Change[], print: PrintName): string {
  const them = rows === 1 ? "it" : "them";
  const again = `write ${them} again (${codeText(`staleIf: ${JSON.stringify(isNull(column))}`, print)} finds ${them})`;
  const renamed = changes.find(({ rule, subject }) => rule === "column-seems-renamed" && subject === column);
  if (renamed === undefined) return `${again}, or let the column be null.`;
  const { from = "" } = renamed;
  const keyword = codeText(`"renamedFrom": ${JSON.stringify(from)}`, print);
  return `${keyword} in its spec carries the values of ${print(from)} over, or ${again}.`;
}

function isNull(column: string): string {
  const name = /^[a-z_]\w*$/i.test(column) ? column : `"${column.replaceAll('"', '""')}"`;
  return `${name} IS NULL`;
}
