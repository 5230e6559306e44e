import type { FeatureDiff } from "../../diff/model/version-diff.ts";
import { describeWork, hasWork } from "../describe-rows.ts";
import { isBlocked } from "../describe-table.ts";
import { describeUnchanged, hasReason } from "../describe-unchanged.ts";
import type { Item } from "./fit-sections.ts";
import { templates } from "./markdown-templates.ts";
import { code, plain } from "./markdown-text.ts";

/** Features that kept all they had: those with something to say first, the others by their names. */
export function unchangedItems(features: readonly FeatureDiff[]): Item[] {
  const hasDetails = (feature: FeatureDiff): boolean => hasReason(feature) || hasWork(feature);
  const detailed = features.filter(hasDetails);
  const others = features.filter((feature) => !hasDetails(feature)).map(({ key }) => key);
  return [
    ...detailed.map(
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
  const unavailable =
    feature.rowsUnavailable === undefined ? [] : [`not counted: ${plain(feature.rowsUnavailable)}`];
  const migration = isBlocked(feature) ? ["migrate first"] : [];
  return [...describeUnchanged(feature, code), ...migration, ...(work === "" ? [] : [work]), ...unavailable];
}

function line(text: string): string {
  return templates.entry({ line: text, children: [] });
}

/** Names alone, several in a line. */
export function nameItems(names: readonly string[]): Item[] {
  const lines = Math.ceil(names.length / namesPerLine);
  return Array.from({ length: lines }, (_, index) => {
    const some = names.slice(index * namesPerLine, (index + 1) * namesPerLine);
    return { forms: [line(some.map(code).join(", "))], count: some.length };
  });
}

const namesPerLine = 10;
