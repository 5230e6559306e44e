import { formatValue } from "./format-values.ts";
import type { ModuleRuleId, RulesOf } from "./rule.ts";

/** Changes of how a module is imported and called, and of metadata alone. */
export const moduleRules: RulesOf<ModuleRuleId> = {
  "export-renamed": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    affectsDownstream: false,
    title: "The export of a module was renamed.",
    message: ({ from, to }) => `The export ${formatValue(from)} was renamed to ${formatValue(to)}.`,
    explanation:
      "The name comes from the `title`, else from the key. Code that imports the old name, or its `…Row`, `…Input` and `…Types`, no longer compiles. No version moves.",
  },
  "module-moved": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    affectsDownstream: false,
    title: "The module of a feature was moved.",
    message: ({ from, to }) => `The module ${formatValue(from)} was moved to ${formatValue(to)}.`,
    explanation:
      "Modules mirror the folders of the specs, so moving a spec moves its module. Imports by path no longer compile; those from the index do. No version moves.",
  },
  "root-derived-changed": {
    severity: "error",
    recompute: "all",
    types: "breaking",
    affectsDownstream: true,
    title: "A root became a derived feature, or a derived feature a root.",
    message: ({ to }) =>
      to === "root"
        ? "The feature became a root: the caller supplies its samples, no longer its upstream features."
        : "The feature is no longer a root: its upstream features supply its samples, no longer the caller.",
    explanation:
      "A root is resolved with `samples`, any other feature without. Its calls change, and so do the rows of its increments.",
  },
  definition: {
    severity: "info",
    recompute: "none",
    types: "none",
    affectsDownstream: false,
    title: "Only metadata of a spec changed.",
    message: () => "Metadata only: descriptions, metadata, or options with the same effect as before.",
    explanation:
      "The definition version covers everything that can be edited. Where only it moves, the edit has no effect on versions, rows or types: descriptions, examples, metadata, the order of fields, an option that states its default.",
  },
};
