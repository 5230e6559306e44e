import { template } from "../../pipeline/template.ts";

/** The Markdown of a diff. What stands here is layout; what to print, and that it is safe to print, is decided before. */
export const templates: {
  /** An entry of a list, with a list below it. */
  readonly entry: (facts: { readonly line: string; readonly children: readonly string[] }) => string;
  /** What opens a part that can be folded; Markdown counts again after the empty line. */
  readonly foldStart: (facts: { readonly isOpen: boolean; readonly summary: string }) => string;
  readonly foldEnd: (facts: object) => string;
  readonly heading: (facts: { readonly text: string }) => string;
  readonly paragraph: (facts: { readonly text: string }) => string;
  /** Counts of rows, below each other: side by side they would not fit on a phone. */
  readonly rows: (facts: {
    readonly workItems: string;
    readonly counts: readonly { readonly name: string; readonly count: string }[];
  }) => string;
  readonly graph: (facts: { readonly mermaid: string }) => string;
} = {
  entry: template("- {{line}}\n{{#each children}}  - {{this}}\n{{/each}}"),
  foldStart: template("<details{{#if isOpen}} open{{/if}}>\n<summary>{{summary}}</summary>\n\n"),
  foldEnd: template("</details>\n\n"),
  heading: template("### {{text}}\n\n"),
  paragraph: template("{{text}}\n\n"),
  rows: template(
    "| {{workItems}} | count |\n| :-- | --: |\n{{#each counts}}| {{name}} | {{count}} |\n{{/each}}\n\n",
  ),
  graph: template("```mermaid\n{{mermaid}}```\n\n"),
};
