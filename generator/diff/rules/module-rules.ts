import type { ModuleRuleId, RulesOf } from "../model/rule.ts";
import { formatValue } from "./format-values.ts";

/** Changes that decide how a module is imported and called, and those of words alone. */
export const moduleRules: RulesOf<ModuleRuleId> = {
  "export-renamed": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    affectsDownstream: false,
    title: "The export of a module has another name.",
    message: ({ from, to }) => `The export ${formatValue(from)} is called ${formatValue(to)} now.`,
    explanation:
      "The name comes from the `title`, else from the key. Code that imports the old name, or its `…Row`, `…Input` and `…Types`, no longer compiles. No version moves.",
  },
  "module-moved": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    affectsDownstream: false,
    title: "The module of a feature lies elsewhere.",
    message: ({ from, to }) => `The module ${formatValue(from)} is ${formatValue(to)} now.`,
    explanation:
      "Modules mirror the folders of the specs, so moving a spec moves its module. Imports by path no longer compile; those from the index do. No version moves.",
  },
  "root-derived-changed": {
    severity: "error",
    recompute: "all",
    types: "breaking",
    affectsDownstream: true,
    title: "Samples of a feature come from elsewhere: from the caller, or from upstream features.",
    message: ({ to }) =>
      to === "root"
        ? "It is a root now: its samples come from the caller, no longer from upstream features."
        : "It is no longer a root: its samples come from upstream features, no longer from the caller.",
    explanation:
      "A root is resolved with `samples`, any other feature without. Its calls, and the rows that an increment hands over, change with it.",
  },
  definition: {
    severity: "info",
    recompute: "none",
    types: "none",
    affectsDownstream: false,
    title: "Only metadata of a spec changed.",
    message: () => "Metadata only: descriptions, metadata, or options with the same effect as before.",
    explanation:
      "The definition version covers all that can be edited. Where it moves and nothing else does, what changed has no effect on versions, rows or types: descriptions, examples, metadata, the order of fields, an option that says what held anyway.",
  },
};
