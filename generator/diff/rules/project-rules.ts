import type { ProjectRuleId, RulesOf } from "../model/rule.ts";
import { formatValue } from "./format-values.ts";

/** Changes that move every version at once. */
export const projectRules: RulesOf<ProjectRuleId> = {
  "hash-length": {
    severity: "error",
    recompute: "all",
    types: "none",
    affectsDownstream: false,
    title: "Another number of characters is kept of every hash.",
    message: ({ from, to }) =>
      `The hashLength changed from ${formatValue(from)} to ${formatValue(to)}: every version moves.`,
    explanation:
      "The setting `hashLength` cuts every version, of definitions and of samples alike. With another length every version is another text, so all rows of all features count as new. It is reported once, not at every field. Set it once, before the first rows are stored.",
  },
  "version-formula": {
    severity: "error",
    recompute: "all",
    types: "none",
    affectsDownstream: false,
    title: "Versions moved though nothing that they are made of did.",
    message: () =>
      "Versions moved though nothing that they are made of did: the manifest before was edited by hand, or made by other formulas.",
    explanation:
      "A version is a hash of the code version and of the versions of the parents. Where the manifest before has a version that does not follow from its own contents, it was edited by hand, merged wrongly, or written by a tool with other formulas. Generate that state anew and compare again: `stemma explain KEY.FIELD` shows how a version comes about.",
  },
};
