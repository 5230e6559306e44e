import type { Rule } from "../../diff/index.ts";
import { columnRules } from "../../diff/rules/column-rules.ts";
import { consequenceRules } from "../../diff/rules/consequence-rules.ts";
import { moduleRules } from "../../diff/rules/module-rules.ts";
import { projectRules } from "../../diff/rules/project-rules.ts";
import { rowRules } from "../../diff/rules/row-rules.ts";
import { versionRules } from "../../diff/rules/version-rules.ts";
import { recomputeLabels, typesLabels } from "./effect-labels.ts";
import { templates } from "./templates.ts";

/** Renders the reference page of all rules as Markdown. */
export function renderRules(): string {
  return templates.rules({
    overview: overview(),
    groups: groups.map(({ title, intro, rules }) => ({
      title,
      intro,
      rules: Object.entries(rules).map(([id, rule]) => ({
        id,
        title: rule.title,
        severity: `_${rule.severity}_`,
        recompute: recomputeLabels[rule.recompute],
        types: typesLabels[rule.types],
        explanation: rule.explanation + (rule.affectsDownstream ? downstreamNote : ""),
      })),
    })),
  });
}

const downstreamNote = " Downstream features report `upstream-rows-changed`, whichever fields they read.";

interface RuleGroup {
  readonly title: string;
  readonly intro: string;
  readonly rules: Readonly<Record<string, Rule>>;
}

const groups: readonly RuleGroup[] = [
  {
    title: "Versions",
    intro:
      "Changes that move versions. Rows of a feature are stored under its version, so all of them are new.",
    rules: versionRules,
  },
  {
    title: "Rows",
    intro: "Changes of which rows resolve, and which columns they carry. No version moves.",
    rules: rowRules,
  },
  {
    title: "Columns",
    intro: "Columns are not fields: no version moves, and stored rows stay as they are.",
    rules: columnRules,
  },
  {
    title: "Modules",
    intro: "Changes of how a generated module is imported and called, and of metadata alone.",
    rules: moduleRules,
  },
  {
    title: "Consequences",
    intro:
      "Consequences of edits elsewhere, often in an upstream feature, or of edits of the feature that have rules of their own.",
    rules: consequenceRules,
  },
  {
    title: "The whole project",
    intro: "Changes of every feature at once. Each is reported once.",
    rules: projectRules,
  },
];

/** A table whose columns are aligned in the source, too. */
function overview(): string[] {
  const head = ["rule", "severity", "recompute", "types"];
  const rows = groups.flatMap(({ rules }) =>
    Object.entries(rules).map(([id, { severity, recompute, types }]) => [
      `[\`${id}\`](#${id})`,
      severity,
      recompute,
      types,
    ]),
  );
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => (row[column] ?? "").length)),
  );
  const ruler = widths.map((width) => "-".repeat(width));
  return [head, ruler, ...rows].map(
    (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`,
  );
}
