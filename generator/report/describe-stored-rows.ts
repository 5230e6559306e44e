import type { Change, FeatureDiff, Misfit, VersionDiff } from "../diff/index.ts";
import { formatWorkItems } from "./describe-rows.ts";
import { codeText, count, listNames, type PrintName } from "./names.ts";

/** Which stored rows of a feature the spec refuses, and what to do. */
export function describeMisfits({ key, rows, changes }: FeatureDiff, print: PrintName): string[] {
  return (rows?.misfits ?? []).map((misfit) => {
    const { rule, column } = misfit;
    const isOne = misfit.rows === 1;
    const subject = `${count(misfit.rows, "stored row")} of ${print(key)}`;
    if (rule !== "required") {
      const stay = isOne ? "it stays until it is" : "they stay until they are";
      return `${subject} ${isOne ? "breaks" : "break"} the ${rule} of ${print(column)}: ${stay} written again.`;
    }
    const refusal = `${codeText("read", print)} refuses ${isOne ? "it" : "them"}`;
    const remedy = describeRemedy(misfit, changes, print);
    return `${subject} ${isOne ? "has" : "have"} no ${print(column)}, and ${refusal}: ${remedy}`;
  });
}

function describeRemedy({ column, rows }: Misfit, changes: readonly Change[], print: PrintName): string {
  const them = rows === 1 ? "it" : "them";
  const search = codeText(`staleIf: ${JSON.stringify(isNull(column))}`, print);
  const again = `write ${them} again (${search} finds ${them})`;
  const renamed = changes.find(({ rule, subject }) => rule === "column-seems-renamed" && subject === column);
  if (renamed === undefined) return `${again}, or make the column nullable.`;
  const { from = "" } = renamed;
  const keyword = codeText(`"renamedFrom": ${JSON.stringify(from)}`, print);
  return `${keyword} in its spec keeps the values of ${print(from)}, or ${again}.`;
}

function isNull(column: string): string {
  const name = /^[a-z_]\w*$/i.test(column) ? column : `"${column.replaceAll('"', '""')}"`;
  return `${name} IS NULL`;
}

/** Which stored rows of a feature are no longer expected, and how to delete them: a run leaves them alone. */
export function describeOrphans(
  feature: FeatureDiff,
  { features }: VersionDiff,
  print: PrintName,
  maxNames: number,
): string[] {
  const { key, rows, blockedBy, status } = feature;
  if (rows === undefined || rows.orphaned === 0) return [];
  const isOne = rows.orphaned === 1;
  const [they, them] = isOne ? ["it", "it"] : ["they", "them"];
  const items = formatWorkItems(rows, rows.orphaned);
  if (status === "removed") {
    const remedy = codeText(`stemma drop ${key}`, print);
    return [`${items} of ${print(key)} ${isOne ? "stays" : "stay"} stored: ${remedy} removes the table.`];
  }
  const isAll = !isOne && rows.new + rows.stale + rows.upToDate === 0;
  const subject = `${isAll ? "All " : ""}${items} of ${print(key)} ${isOne ? "is" : "are"} no longer expected`;
  if (blockedBy !== undefined) return [`${subject} until then.`];
  if (rows.incomplete === true) {
    return [`${subject} as far as is known. Keep ${them} until the upstream features have run.`];
  }
  const remedy = codeText(`stemma delete ${key} --orphaned`, print);
  const warning = isAll ? " Nothing is left then: check the edit first." : "";
  const stay = `${they} ${isOne ? "stays" : "stay"} stored${describeUses(feature, features, print, maxNames)}`;
  return [`${subject}: ${stay} until ${remedy} deletes ${them}.${warning}`];
}

/** Deleted rows are no longer inputs of downstream features. */
function describeUses(
  { key, rows }: FeatureDiff,
  features: readonly FeatureDiff[],
  print: PrintName,
  maxNames: number,
): string {
  const downstream = features
    .filter(({ after }) => after?.upstream.includes(key))
    .map((feature) => feature.key);
  if (downstream.length === 0) return "";
  const names = listNames(downstream, print, maxNames);
  const verb = downstream.length === 1 ? "uses" : "use";
  return `, and ${names} ${verb} ${rows?.orphaned === 1 ? "it" : "them"} as input,`;
}
