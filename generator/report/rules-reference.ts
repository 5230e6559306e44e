import type { Recompute, Rule, TypesEffect } from "../diff/model/rule.ts";
import { columnRules } from "../diff/rules/column-rules.ts";
import { consequenceRules } from "../diff/rules/consequence-rules.ts";
import { moduleRules } from "../diff/rules/module-rules.ts";
import { projectRules } from "../diff/rules/project-rules.ts";
import { rowRules } from "../diff/rules/row-rules.ts";
import { versionRules } from "../diff/rules/version-rules.ts";

/** Renders the reference page of all rules, as Markdown. */
export function renderRulesReference(): string {
  const sections = groups.map(
    ({ title, intro, rules }) => `## ${title}\n\n${intro}\n\n${entriesOf(rules).map(section).join("\n")}`,
  );
  return [introduction, overview(), ...sections].join("\n");
}

interface RuleGroup {
  readonly title: string;
  readonly intro: string;
  readonly rules: Readonly<Record<string, Rule>>;
}

const groups: readonly RuleGroup[] = [
  {
    title: "Versions",
    intro:
      "What moves versions: rows of a feature are stored under its version, so all of them come back as new.",
    rules: versionRules,
  },
  {
    title: "Rows",
    intro: "What decides which rows resolve, and what they carry. No version moves.",
    rules: rowRules,
  },
  {
    title: "Columns",
    intro: "Columns are not fields: no version moves, and stored rows stay as they are.",
    rules: columnRules,
  },
  {
    title: "Modules",
    intro: "How a generated module is imported and called, and words alone.",
    rules: moduleRules,
  },
  {
    title: "Consequences",
    intro:
      "What follows for a feature from an edit elsewhere, often of an upstream feature, or from an edit of its own that is reported under its own rule.",
    rules: consequenceRules,
  },
  {
    title: "The whole project",
    intro: "What concerns every feature at once. It is reported once.",
    rules: projectRules,
  },
];

const introduction = `# Rules of the version diff

<!-- Generated from the rules beside it. Edit those, and let the tests write this page anew. -->

Every change that \`stemma diff\` reports has a rule. It classifies twice: what has to be recomputed, and what becomes of
TypeScript code that uses the generated modules.

- **Severity**: what breaks such code, or gives up stored rows, is an \`error\`; what is easily overlooked a \`warning\`.
- \`--fail-on\` takes ids of rules and severities, a severity with those above it: \`--fail-on error,filter\`.
- A change that is accepted is acknowledged by its fingerprint in \`stemma.acknowledged.json\`, with a reason. It is
  still listed, and no longer fails. Moved lines, new commits and rebases leave fingerprints as they are.
`;

function overview(): string {
  const rows = groups.flatMap(({ rules }) =>
    entriesOf(rules).map(([id, { severity, recompute, types }]) => [
      `[\`${id}\`](#${id})`,
      severity,
      recompute,
      types,
    ]),
  );
  return table(["rule", "severity", "recompute", "types"], rows);
}

/** A table whose columns line up in the source, too. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[], filler = " "): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, filler)).join(" | ")} |\n`;
  return [
    line(heads),
    line(
      heads.map(() => ""),
      "-",
    ),
    ...rows.map((row) => line(row)),
  ].join("");
}

function section([id, rule]: readonly [string, Rule]): string {
  const { title, severity, recompute, types, affectsDownstream, explanation } = rule;
  const downstreamNote = affectsDownstream
    ? " Features below follow with `upstream-rows-changed`, whatever fields they read."
    : "";
  return `### ${id}

${title}

_${severity}_ · ${recomputeLabels[recompute]} · ${typesLabels[types]}

${explanation}${downstreamNote}
`;
}

const recomputeLabels: Readonly<Record<Recompute, string>> = {
  none: "nothing to recompute",
  orphans: "nothing to recompute, but rows are left behind",
  some: "some rows to recompute: which, only the data can tell",
  all: "all rows to recompute",
};

const typesLabels: Readonly<Record<TypesEffect, string>> = {
  none: "types stay",
  additive: "types grow",
  breaking: "types break",
};

function entriesOf(rules: RuleGroup["rules"]): [string, Rule][] {
  return Object.entries(rules);
}
