import type { FeatureDiff } from "../../version-diff.ts";
import { describeWork, hasWork } from "../describe-rows.ts";
import { isBlocked } from "../describe-table.ts";
import { describeUntouched, hasReason } from "../describe-untouched.ts";
import type { Item } from "./fit-sections.ts";
import { templates } from "./markdown-templates.ts";
import { code, plain } from "./markdown-text.ts";

/** Features that kept all they had: those with something to say first, the others by their names. */
export function untouchedItems(features: readonly FeatureDiff[]): Item[] {
  const isTold = (feature: FeatureDiff): boolean => hasReason(feature) || hasWork(feature);
  const told = features.filter(isTold);
  const others = features.filter((feature) => !isTold(feature)).map(({ key }) => key);
  return [
    ...told.map(
      (feature): Item => ({
        forms: [line(`${code(feature.key)} ${reasonsOf(feature).join("; ")}`)],
        count: 1,
      }),
    ),
    ...nameItems(others),
  ];
}

function reasonsOf(feature: FeatureDiff): string[] {
  const work = feature.rows === undefined ? "" : describeWork(feature.rows, code);
  const uncounted = feature.uncounted === undefined ? [] : [`not counted: ${plain(feature.uncounted)}`];
  const migration = isBlocked(feature) ? ["migrate first"] : [];
  return [...describeUntouched(feature, code), ...migration, ...(work === "" ? [] : [work]), ...uncounted];
}

function line(text: string): string {
  return templates.entry({ line: text, below: [] });
}

/** Names alone, several in a line. */
export function nameItems(names: readonly string[]): Item[] {
  const lines = Math.ceil(names.length / namesInLine);
  return Array.from({ length: lines }, (_, index) => {
    const some = names.slice(index * namesInLine, (index + 1) * namesInLine);
    return { forms: [line(some.map(code).join(", "))], count: some.length };
  });
}

const namesInLine = 10;
