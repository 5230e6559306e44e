import type { FeatureDiff } from "../../version-diff.ts";
import { describeWork } from "../describe-rows.ts";
import { isBlocked } from "../describe-table.ts";
import { listNames, type PrintName } from "../list-names.ts";
import { versionsText } from "../short-version.ts";
import { type LinkTo, placeText } from "./change-line.ts";
import type { Item } from "./fit-sections.ts";
import { templates } from "./markdown-templates.ts";
import { code } from "./markdown-text.ts";

/** A feature that came or went, in a line: there is no more to it than its fields. */
export function featureLine(feature: FeatureDiff, linkTo: LinkTo | undefined): Item {
  const { fields, changes } = feature;
  const names = `${fields.length === 1 ? "field" : "fields"} ${listNames(
    fields.map(({ key }) => key),
    code,
  )}`;
  const place = changes.flatMap(({ at }) => at ?? []).slice(0, 1);
  const text = [featureFacts(feature, code), names, ...place.map((at) => placeText(at, linkTo))].join(" · ");
  return {
    forms: [
      templates.entry({ line: text, below: [] }),
      templates.entry({ line: featureFacts(feature, code), below: [] }),
    ],
    count: 1,
  };
}

/** Key and versions of a feature, whether its types break, and how many rows are not as they should be. */
export function featureFacts(
  { key, before, after, types, rows, table, uncounted }: FeatureDiff,
  print: PrintName,
): string {
  const versions = versionsText(before?.featureVersion, after?.featureVersion, print);
  return [
    `${print(key)} ${versions}`,
    ...(types === "breaking" ? ["types break"] : []),
    ...(isBlocked({ table }) ? ["migrate first"] : []),
    ...(rows === undefined ? [] : [describeWork(rows, print)].filter((work) => work !== "")),
    ...(uncounted === undefined ? [] : ["rows not counted"]),
  ].join(" · ");
}
