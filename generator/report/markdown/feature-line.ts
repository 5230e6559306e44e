import type { FeatureDiff } from "../../diff/model/version-diff.ts";
import { describeWork } from "../describe-rows.ts";
import { isBlocked } from "../describe-table.ts";
import { listNames, type PrintName } from "../list-names.ts";
import { versionsText } from "../short-version.ts";
import { type LocationLink, locationText } from "./change-line.ts";
import type { Item } from "./fit-sections.ts";
import { templates } from "./markdown-templates.ts";
import { code } from "./markdown-text.ts";

/** A feature that came or went, in a line: there is no more to it than its fields. */
export function featureLine(feature: FeatureDiff, linkTo: LocationLink | undefined): Item {
  const { fields, changes } = feature;
  const names = `${fields.length === 1 ? "field" : "fields"} ${listNames(
    fields.map(({ key }) => key),
    code,
  )}`;
  const location = changes.flatMap(({ at }) => at ?? []).slice(0, 1);
  const text = [featureSummary(feature, code), names, ...location.map((at) => locationText(at, linkTo))].join(
    " · ",
  );
  return {
    forms: [
      templates.entry({ line: text, children: [] }),
      templates.entry({ line: featureSummary(feature, code), children: [] }),
    ],
    count: 1,
  };
}

/** Key and versions of a feature, whether its types break, and how many rows are not as they should be. */
export function featureSummary(
  { key, before, after, types, rows, table, rowsUnavailable }: FeatureDiff,
  print: PrintName,
): string {
  const versions = versionsText(before?.featureVersion, after?.featureVersion, print);
  return [
    `${print(key)} ${versions}`,
    ...(types === "breaking" ? ["types break"] : []),
    ...(isBlocked({ table }) ? ["migrate first"] : []),
    ...(rows === undefined ? [] : [describeWork(rows, print)].filter((work) => work !== "")),
    ...(rowsUnavailable === undefined ? [] : ["rows not counted"]),
  ].join(" · ");
}
