import { formatValue } from "./format-values.ts";
import type { ProjectRuleId, RulesOf } from "./rule.ts";

/** Changes that move every version at once. */
export const projectRules: RulesOf<ProjectRuleId> = {
  "hash-length": {
    severity: "error",
    recompute: "all",
    types: "none",
    affectsDownstream: false,
    title: "Hashes are truncated to another length.",
    message: ({ from, to }) =>
      `The hashLength changed from ${formatValue(from)} to ${formatValue(to)}: every version moves.`,
    explanation:
      "The setting `hashLength` truncates every version, of definitions and of samples. With another length every version is another string, so all rows of all features are new. The change is reported once, not at every field. Set the length once, before the first rows are stored.",
  },
  "version-formula": {
    severity: "error",
    recompute: "all",
    types: "none",
    affectsDownstream: false,
    title: "Versions moved though none of their inputs did.",
    message: () =>
      "Versions moved though none of their inputs did: the manifest before was edited by hand, or written by other formulas.",
    explanation:
      "A version is a hash of the code version and of the versions of the parents. Where a version in the manifest before does not follow from its inputs there, the manifest was edited by hand, merged wrongly, or written by a tool with other formulas. Generate that state again and compare: `stemma explain KEY.FIELD` prints how a version is computed.",
  },
};
