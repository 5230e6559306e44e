import type { FeatureDiff, PrunedBranch } from "../diff/model/version-diff.ts";
import { listNames, type PrintName } from "./list-names.ts";

/** Whether there is something to say of a feature that kept its version. */
export function hasReason({ pruned, embedsChanged }: FeatureDiff): boolean {
  return pruned.length + embedsChanged.length > 0;
}

/** Why a feature kept its version though something moved above it, and why its module changes all the same. */
export function describeUnchanged({ pruned, embedsChanged }: FeatureDiff, print: PrintName): string[] {
  return [
    ...(pruned.length === 0
      ? []
      : [
          listNames(
            pruned.map((branch) => branchText(branch, print)),
            String,
            4,
          ),
        ]),
    ...(embedsChanged.length === 0
      ? []
      : [`module regenerated: it embeds versions of ${listNames(embedsChanged, print)}`]),
  ];
}

function branchText({ upstream, reads }: PrunedBranch, print: PrintName): string {
  if (reads.length === 0) return `reads no field of ${print(upstream)}`;
  const fields = reads.map((field) => `${upstream}.${field}`);
  return `reads only ${listNames(fields, print)}, which kept ${fields.length === 1 ? "its version" : "their versions"}`;
}
