import { quoteValue } from "../../diagnostics/quote-value.ts";
import { initialCodeVersion } from "../../parse/parsed-spec.ts";
import type { CauseRule, ChangeFacts, RulesOf } from "../model/rule.ts";
import { formatValue } from "./format-values.ts";

/** Changes that move versions, and so bring all rows of a feature back as new. */
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
      "This is how a spec says that the code of a field gives other results. The field and all that is computed from it get new versions, and their rows come back as new. Fields that are not computed from it keep their versions. Set it back, and the rows that are stored under the old version count again.",
  },
  "field-lineage": {
    severity: "warning",
    recompute: "all",
    types: "none",
    affectsDownstream: false,
    title: "A field is computed from other fields than before.",
    message: describeParents,
    explanation:
      "The field's own `deps`, or the `fieldsMapping` of a dep, lead to other parents. The versions of the parents are part of the field's version, so it moves, and so does all that is computed from it. From now on the field follows its new parents, and no longer the old ones. A mapping that leads to the same parents as before moves nothing, and is reported as `definition`.",
  },
  "dep-added": {
    severity: "warning",
    recompute: "some",
    types: "additive",
    affectsDownstream: true,
    title: "A feature depends on a further feature.",
    message: ({ to }) => `It has a new dep on ${formatValue(to)}.`,
    explanation:
      "Fields that are computed from the new upstream get new versions. Even where none is, the rows change: samples without a row of a required upstream are no longer expected, and the increment carries its columns. A dep with `optional` loses no sample.",
  },
  "dep-removed": {
    severity: "error",
    recompute: "some",
    types: "breaking",
    affectsDownstream: true,
    title: "A feature no longer depends on another.",
    message: ({ from }) => `It no longer depends on ${formatValue(from)}.`,
    explanation:
      "Fields that were computed from the upstream get new versions. Samples that it lacked may be expected now. Code that reads its columns from the increment, or filters by its key, no longer compiles.",
  },
  "field-added": {
    severity: "info",
    recompute: "all",
    types: "additive",
    affectsDownstream: false,
    title: "A feature has a further field.",
    message: ({ subject }) => `The field ${subject} is new.`,
    explanation:
      "The feature gets a new version, so all its rows come back as new; its other fields keep their versions. Below, a field moves only where its mapping takes the new one. Set it aside again, and the rows that are stored under the old version count again.",
  },
  "root-field-added": {
    severity: "error",
    recompute: "all",
    types: "breaking",
    affectsDownstream: false,
    title: "A feature whose samples the caller supplies has a further field.",
    message: ({ subject }) =>
      `The field ${subject} is new, and samples must bring a provenance for it from now on.`,
    explanation:
      "As `field-added`, and more: samples of a root carry one provenance for each field, no more and no fewer. Code that resolves this feature no longer compiles until it supplies the new one.",
  },
  "field-removed": {
    severity: "error",
    recompute: "all",
    types: "breaking",
    affectsDownstream: false,
    title: "A field is gone.",
    message: ({ subject }) => `The field ${subject} is gone.`,
    explanation:
      "The feature gets a new version, so all its rows come back as new; its other fields keep their versions. Below, fields that were computed from it move. Code that names the field no longer compiles. One that has another key now is reported as `field-renamed`.",
  },
  "field-renamed": {
    severity: "error",
    recompute: "all",
    types: "breaking",
    affectsDownstream: false,
    title: "A field has another key.",
    message: ({ subject, from, isDeclared }) =>
      `${describeRename("field", from, subject, isDeclared)}: its version moves, since the key is part of it. ${carriedOver("field", from, isDeclared)}`,
    explanation:
      "`renamedFrom` of the field says so; else it is taken for renamed where the only field that went and the only one that came are alike. The key is part of the version, so the field and all that is computed from it come back as new. `stemma migrate` carries stored rows over where `renamedFrom` stands. Code that names the field no longer compiles.",
  },
  "feature-added": {
    severity: "info",
    recompute: "all",
    types: "additive",
    affectsDownstream: false,
    title: "A feature is new.",
    message: () => "The feature is new.",
    explanation: "It has no rows yet: all that is expected is new.",
  },
  "feature-renamed": {
    severity: "error",
    recompute: "all",
    types: "breaking",
    affectsDownstream: false,
    title: "A feature has another key.",
    message: ({ from, to, detail, isDeclared }) =>
      `${describeRename("feature", from, to, isDeclared)}${exported(detail)}: its versions move, since the key is part of them. ${carriedOver("feature", from, isDeclared)}`,
    explanation:
      "`renamedFrom` of the feature says so; else it is taken for renamed where the only feature that went and the only one that came are alike. The key is part of every version and names the table, so the feature and all that is computed from it come back as new, and the rows stay in the old table. `stemma migrate` carries them over where `renamedFrom` stands. Its export follows the key, unless it has a `title`.",
  },
  "feature-removed": {
    severity: "error",
    recompute: "orphans",
    types: "breaking",
    affectsDownstream: false,
    title: "A feature is gone.",
    message: ({ feature }) =>
      `The feature is gone; rows that are stored of it stay until \`stemma drop ${feature}\`.`,
    explanation:
      "Its module is deleted, and code that imports it no longer compiles. Its table is left alone: `stemma drop` removes it. One that has another key now is reported as `feature-renamed`.",
  },
};

function describeRename(
  kind: "field" | "feature",
  from: string | undefined,
  to: string | undefined,
  isDeclared: boolean | undefined,
): string {
  const verb = isDeclared ? "is called" : "seems to be called";
  return `The ${kind} ${formatValue(from)} ${verb} ${formatValue(to)} now`;
}

function exported(detail: string | undefined): string {
  const [before, after] = detail?.split(", ") ?? [];
  return before === undefined ? "" : `, and its export ${before} ${after}`;
}

function carriedOver(kind: string, from: string | undefined, isDeclared: boolean | undefined): string {
  return isDeclared
    ? "`stemma migrate` carries stored rows over."
    : `\`stemma migrate\` carries stored rows over once the ${kind} has "renamedFrom": ${quoteValue(from)}.`;
}

function codeVersion(version: string | undefined): string {
  return version === undefined || version === initialCodeVersion ? "the default" : quoteValue(version);
}

function describeParents({ subject, from = "", to = "", upstream, missingDeps }: ChangeFacts): string {
  const [before, after] = [names(from), names(to)];
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
  "own-deps": "since it has no deps of its own any more: its feature's mapping decides",
  deps: "since its feature has no deps any more",
};

function names(joined: string): string[] {
  return joined === "" ? [] : joined.split(", ");
}

function truncateNames(items: readonly string[]): string {
  const more = items.length - 3;
  return more > 0 ? `${items.slice(0, 3).join(", ")} and ${more} more` : items.join(", ");
}
