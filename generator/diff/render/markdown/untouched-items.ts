import type { FeatureDiff } from "../../version-diff.ts";
import { describeUntouched, hasReason } from "../describe-untouched.ts";
import type { Item } from "./fit-sections.ts";
import { templates } from "./markdown-templates.ts";
import { code } from "./markdown-text.ts";

/** Features that kept all they had: those with something to say first, the others by their names. */
export function untouchedItems(features: readonly FeatureDiff[]): Item[] {
  const told = features.filter(hasReason);
  const others = features.filter((feature) => !hasReason(feature)).map(({ key }) => key);
  return [
    ...told.map(
      (feature): Item => ({
        forms: [line(`${code(feature.key)} ${describeUntouched(feature, code).join("; ")}`)],
        count: 1,
      }),
    ),
    ...nameItems(others),
  ];
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
