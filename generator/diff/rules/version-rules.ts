import { quoteValue } from "../../diagnostics/quote-value.ts";
import { initialCodeVersion } from "../../parse/parsed-spec.ts";
import { formatValue } from "./format-values.ts";
import type { CauseRule, ChangeFacts, RulesOf } from "./rule.ts";

/** Changes that move versions, so that all rows of a feature are new. */
export const versionRules: RulesOf<CauseRule | "feature-added"> = {
  "code-version": {
    severity: "info",
    recompute: "all",
    types: "none",
    affectsDownstream: false,
    title: "The code version of a field changed.",
    message: ({ subject, from, to }) =>
      `The codeVersion of the field ${subject} changed from ${codeVersion(from)} to ${codeVersion(to)}.`,
    explanation:
      "A spec declares by it that the code of a field computes other results. The field and all fields computed from it get new versions, and their rows are new. Other fields keep their versions. Restore the old code version, and rows stored under the old version count again.",
  },
  "field-lineage": {
    severity: "warning",
    recompute: "all",
    types: "none",
    affectsDownstream: false,
    title: "A field is computed from other fields.",
    message: describeParents,
    explanation:
      "The field's own `deps`, or the `fieldsMapping` of a dep, select other parents. The versions of the parents are part of the field's version, so it moves, and so does everything computed from it. From now on changes of the new parents move it, those of the old ones do not. A mapping that selects the same parents as before moves nothing, and is reported as `definition`.",
  },
  "dep-added": {
    severity: "warning",
    recompute: "some",
    types: "additive",
    affectsDownstream: true,
    title: "A dep was added.",
    message: ({ to }) => `A dep on ${formatValue(to)} was added.`,
    explanation:
      "Fields computed from the new upstream get new versions. Even without such fields, the rows change: samples without a row of a required upstream are no longer expected, and the increment carries its columns. An `optional` dep loses no sample.",
  },
  "dep-removed": {
    severity: "error",
    recompute: "some",
    types: "breaking",
    affectsDownstream: true,
    title: "A dep was removed.",
    message: ({ from }) => `The dep on ${formatValue(from)} was removed.`,
    explanation:
      "Fields computed from the upstream get new versions. Samples without a row of it may be expected now. Code that reads its columns from the increment, or filters by its key, no longer compiles.",
  },
  "field-added": {
    severity: "info",
    recompute: "all",
    types: "additive",
    affectsDownstream: false,
    title: "A field was added.",
    message: ({ subject }) => `The field ${subject} was added.`,
    explanation:
      "The feature gets a new version, so all its rows are new; its other fields keep their versions. A downstream field moves only where its mapping selects the new one. Remove the field again, and rows stored under the old version count again.",
  },
  "root-field-added": {
    severity: "error",
    recompute: "all",
    types: "breaking",
    affectsDownstream: false,
    title: "A field was added to a root.",
    message: ({ subject }) =>
      `The field ${subject} was added, and samples must have a provenance for it from now on.`,
    explanation:
      "As `field-added`, and more: samples of a root carry exactly one provenance for each field. Code that resolves this feature no longer compiles until it supplies the new one.",
  },
  "field-removed": {
    severity: "error",
    recompute: "all",
    types: "breaking",
    affectsDownstream: false,
    title: "A field was removed.",
    message: ({ subject }) => `The field ${subject} was removed.`,
    explanation:
      "The feature gets a new version, so all its rows are new; its other fields keep their versions. Downstream fields computed from it move. Code that names the field no longer compiles. A renamed field is reported as `field-renamed`.",
  },
  "field-renamed": {
    severity: "error",
    recompute: "all",
    types: "breaking",
    affectsDownstream: false,
    title: "A field was renamed.",
    message: ({ subject, from, isDeclared }) =>
      `${describeRename("field", from, subject, isDeclared)}: its version moves, since the key is part of it. ${describeMigration("field", from, isDeclared)}`,
    explanation:
      "`renamedFrom` of the field declares it; otherwise it is guessed, where the only removed field and the only added one are equal. The key is part of the version, so rows of the field and of everything computed from it are new. With `renamedFrom`, `stemma migrate` keeps stored rows. Code that names the field no longer compiles.",
  },
  "feature-added": {
    severity: "info",
    recompute: "all",
    types: "additive",
    affectsDownstream: false,
    title: "A feature was added.",
    message: () => "The feature was added.",
    explanation: "It has no rows yet: all expected rows are new.",
  },
  "feature-renamed": {
    severity: "error",
    recompute: "all",
    types: "breaking",
    affectsDownstream: false,
    title: "A feature was renamed.",
    message: ({ from, to, detail, isDeclared }) =>
      `${describeRename("feature", from, to, isDeclared)}${describeExport(detail)}: its versions move, since the key is part of them. ${describeMigration("feature", from, isDeclared)}`,
    explanation:
      "`renamedFrom` of the feature declares it; otherwise it is guessed, where the only removed feature and the only added one are equal. The key is part of every version and names the table, so rows of the feature and of everything computed from it are new, and stored rows stay in the old table. With `renamedFrom`, `stemma migrate` keeps them. The export is named after the key, unless the spec has a `title`.",
  },
  "feature-removed": {
    severity: "error",
    recompute: "orphans",
    types: "breaking",
    affectsDownstream: false,
    title: "A feature was removed.",
    message: ({ feature }) =>
      `The feature was removed; its stored rows stay until \`stemma drop ${feature}\`.`,
    explanation:
      "Its module is deleted, and code that imports it no longer compiles. Its table is kept: `stemma drop` removes it. A renamed feature is reported as `feature-renamed`.",
  },
};

function describeRename(
  kind: "field" | "feature",
  from: string | undefined,
  to: string | undefined,
  isDeclared: boolean | undefined,
): string {
  const verb = isDeclared ? "was renamed" : "seems to be renamed";
  return `The ${kind} ${formatValue(from)} ${verb} to ${formatValue(to)}`;
}

function describeExport(detail: string | undefined): string {
  const [before, after] = detail?.split(", ") ?? [];
  return before === undefined ? "" : `, and its export ${before} to ${after}`;
}

function describeMigration(kind: string, from: string | undefined, isDeclared: boolean | undefined): string {
  return isDeclared
    ? "`stemma migrate` keeps stored rows."
    : `\`stemma migrate\` keeps stored rows once the ${kind} has "renamedFrom": ${quoteValue(from)}.`;
}

function codeVersion(version: string | undefined): string {
  return version === undefined || version === initialCodeVersion ? "the default" : quoteValue(version);
}

function describeParents({ subject, from = "", to = "", upstream, missingDeps }: ChangeFacts): string {
  const [before, after] = [splitNames(from), splitNames(to)];
  const gained = after.filter((name) => !before.includes(name));
  const lost = before.filter((name) => !after.includes(name));
  const parts = [
    ...(gained.length === 0 ? [] : [`now reads ${truncateNames(gained)}`]),
    ...(lost.length === 0 ? [] : [`no longer reads ${truncateNames(lost)}`]),
  ];
  const reason =
    upstream === undefined ? reasons[missingDeps ?? "none"] : `by the mapping of the dep on ${upstream}`;
  const effect = parts.length === 0 ? "gets its parents by another mapping" : parts.join(" and ");
  return `The field ${subject} ${effect}, ${reason}.`;
}

const reasons: Readonly<Record<NonNullable<ChangeFacts["missingDeps"]> | "none", string>> = {
  none: "by its own deps",
  "own-deps": "since it no longer has deps of its own: its feature's mapping decides",
  deps: "since its feature no longer has deps",
};

function splitNames(joined: string): string[] {
  return joined === "" ? [] : joined.split(", ");
}

function truncateNames(items: readonly string[]): string {
  const omitted = items.length - 3;
  return omitted > 0 ? `${items.slice(0, 3).join(", ")} and ${omitted} more` : items.join(", ");
}
