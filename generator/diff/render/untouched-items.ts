import type { FeatureDiff, PrunedBranch } from "../version-diff.ts";
import type { Item } from "./fit-sections.ts";
import { listNames } from "./list-names.ts";
import { templates } from "./markdown-templates.ts";
import { code } from "./markdown-text.ts";

/** Features that kept all they had: those with something to say first, the others by their names. */
export function untouchedItems(features: readonly FeatureDiff[]): Item[] {
  const told = features.filter(hasReason);
  const others = features.filter((feature) => !hasReason(feature)).map(({ key }) => key);
  return [
    ...told.map(
      (feature): Item => ({ forms: [line(`${code(feature.key)} ${reasonOf(feature)}`)], count: 1 }),
    ),
    ...nameItems(others),
  ];
}

function line(text: string): string {
  return templates.entry({ line: text, below: [] });
}

function hasReason({ pruned, moduleNames }: FeatureDiff): boolean {
  return pruned.length + moduleNames.length > 0;
}

function reasonOf({ pruned, moduleNames }: FeatureDiff): string {
  const names = `names ${listNames(moduleNames, code)}`;
  const branches = listNames(pruned.map(branchText), (text) => text, 4);
  if (pruned.length === 0) return `keeps its version; its module changes, since it ${names}`;
  return moduleNames.length === 0 ? branches : `${branches}; its module still changes, since it ${names}`;
}

function branchText({ upstream, reads }: PrunedBranch): string {
  if (reads.length === 0) return `reads no field of ${code(upstream)}`;
  const fields = reads.map((field) => `${upstream}.${field}`);
  return `reads only ${listNames(fields, code)}, which kept ${fields.length === 1 ? "its version" : "their versions"}`;
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
