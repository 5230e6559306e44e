import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderMarkdown } from "../../../generator/report/index.ts";
import { hostileDiff } from "../../support/arbitrary-diff.ts";
import { diffOfCase } from "../../support/golden-diff-case.ts";
import { largeDiff } from "../../support/large-diff.ts";
import { markdownOutsideCode } from "../../support/markdown-outside-code.ts";

const folder = fileURLToPath(new URL("../../golden/diff/", import.meta.url));
const rendered = fileURLToPath(new URL("../../golden/report/", import.meta.url));
const base = "against main (merge base 3f2c1ab)";

describe("the diff as Markdown", () => {
  it.each([
    "expansion-audio-bumped",
    "columns",
    "feature-renamed",
    "fields-come-and-go",
    "filter",
    "hash-length",
    "formula",
    "first-versions",
    "nothing-changed",
    "definition-only",
    "revert",
    "two-causes",
    "waits-for-optional",
  ])("%s", async (name) => {
    const text = renderMarkdown(diffOfCase(`${folder}${name}/`), { base });
    await expect(text).toMatchFileSnapshot(`${folder}${name}/expected.md`);
  });

  it("tells a change with rows, reasons and many features within the limit", async () => {
    const diff = largeDiff({ edited: 3, indirect: 40, unchanged: 30, fields: 3 });
    const text = renderMarkdown(diff, { base, limit: 12_000 });
    await expect(text).toMatchFileSnapshot(`${rendered}large.md`);
  });

  it("bounds no count of rows of which there are none", () => {
    const diff = largeDiff({ edited: 1, indirect: 1, unchanged: 0, fields: 1 });
    const features = diff.features.map((feature) => ({
      ...feature,
      rows: { new: 5, stale: 0, orphaned: 0, upToDate: 0, upperBound: true as const },
    }));
    const text = renderMarkdown({ ...diff, features });
    expect(text).toContain("| rows | count |\n| :-- | --: |\n| new | at most 5 |\n\n");
  });

  it("leaves nothing out of what fits", () => {
    for (const name of readdirSync(folder)) {
      const diff = diffOfCase(`${folder}${name}/`);
      const text = renderMarkdown(diff);
      // The list of errors and warnings at the top is short on purpose; the features below it have all.
      expect(text.split("```mermaid")[1] ?? "").not.toContain("… and");
      const changed = diff.features.filter(({ status }) => status !== "unchanged");
      for (const { at } of changed.flatMap(({ fields }) => fields.flatMap(({ causes }) => causes))) {
        if (at !== undefined) expect(text).toContain(`\`${at.file}:${at.line}:${at.column}\``);
      }
    }
  });

  it("links places where it is told how", () => {
    const diff = diffOfCase(`${folder}expansion-audio-bumped/`);
    const text = renderMarkdown(diff, { linkTo: ({ file, line }) => `https://example.com/${file}#L${line}` });
    expect(text).toContain(
      "[`schemas/video-raw.feature.json:14:49`](<https://example.com/schemas/video-raw.feature.json#L14>)",
    );
  });
});

describe("the limit of the Markdown", () => {
  it("is kept, and used, by a change of any size, with every feature counted", () => {
    const diff = largeDiff({ edited: 500, indirect: 500, unchanged: 500, fields: 20 });
    const text = renderMarkdown(diff);
    expect(text.length).toBeLessThanOrEqual(65_000);
    expect(text.length).toBeGreaterThan(60_000);
    for (const heading of ["Changed directly (500)", "Changed indirectly (500)", "Unchanged (500)"])
      expect(text).toContain(heading);
    expect(
      text.match(/… and \d+ more: `npx stemma diff( --format json)?` prints all/g)?.length,
    ).toBeGreaterThan(2);
  });

  it("opens no fold in which nothing is, and says where to find it", () => {
    const text = renderMarkdown(largeDiff({ edited: 1000, indirect: 0, unchanged: 0, fields: 2 }));
    expect(text).toContain("\nRun order (1,000): `npx stemma diff --format json` prints all\n");
    expect(text).not.toMatch(/<summary>.*<\/summary>\s+- … and/);
    const some = renderMarkdown(largeDiff({ edited: 3, indirect: 40, unchanged: 900, fields: 1 }), {
      limit: 16_000,
    });
    expect(some).toMatch(/- … and \d+ more: `npx stemma diff --format json` prints all\n\n<\/details>/);
  });

  it("is kept whatever the diff holds, and nothing is cut in its middle", () => {
    const limit = fc.oneof(fc.nat(4000), fc.constant(65_000));
    fc.assert(
      fc.property(hostileDiff, limit, (diff, limit) => {
        const text = renderMarkdown(diff, { limit });
        expect(text.length).toBeLessThanOrEqual(limit);
        expect(foldsOf(text)).toEqual({ depth: 0, deepest: text.includes("<details") ? 1 : 0 });
        markdownOutsideCode(text);
      }),
      { numRuns: 300, endOnFailure: true },
    );
  });
});

/** How folds nest, of lines that consist of a tag alone: user texts begin no line. */
function foldsOf(text: string): { readonly depth: number; readonly deepest: number } {
  let depth = 0;
  let deepest = 0;
  for (const line of text.split("\n")) {
    if (line === "<details>" || line === "<details open>") depth += 1;
    if (line === "</details>") depth -= 1;
    deepest = Math.max(deepest, depth);
    expect(depth).toBeGreaterThanOrEqual(0);
  }
  return { depth, deepest };
}

describe("texts that people wrote", () => {
  it("are words and code: they format, mention and link nothing", () => {
    fc.assert(
      fc.property(hostileDiff, (diff) => {
        const text = renderMarkdown(diff, { base: "against @team <b>" });
        const words = withoutOwnTags(markdownOutsideCode(text))
          .replaceAll(/[@#]&#8203;|&amp;|&lt;|&#124;/g, "")
          .replaceAll("&#8203;", "\u200b");
        expect(words).not.toMatch(/[<&`*[\]|~$@#]/);
        expect(words).not.toMatch(/:\/\/|www\.|GH-\d/i);
      }),
      { numRuns: 300, endOnFailure: true },
    );
  });
});

/** Markdown without the tags, headings and tables that the renderer itself writes. */
function withoutOwnTags(markdown: string): string {
  return markdown
    .split("\n")
    .map((line) =>
      line
        .replace(/^<!-- @generated by stemma\. Do not edit\. -->$/, "")
        .replace(/^<\/?details( open)?>$/, "")
        .replace(/^<summary>(.*)<\/summary>$/, (_, inside: string) =>
          inside.replaceAll(/<code>[^<]*<\/code>/g, ""),
        )
        .replace(/^#{2,3} /, "")
        .replace(/^\*\*([^*]*)\*\*$/, "$1")
        .replace("**TypeScript users break**", "")
        .replace(/^\|( [\d,\p{L}\p{M}\p{N} :-]+ \|)+$/u, ""),
    )
    .join("\n");
}
