import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FeatureDiff, VersionDiff } from "../../../generator/diff/index.ts";
import { oneLine } from "../../../generator/report/display-text.ts";
import { renderMarkdown, renderMermaid } from "../../../generator/report/index.ts";
import { hostileDiff } from "../../support/arbitrary-diff.ts";
import { findBrowser } from "../../support/find-browser.ts";
import { diffOfCase } from "../../support/golden-diff-case.ts";
import { largeDiff } from "../../support/large-diff.ts";
import { type Drawing, type MermaidPage, openMermaidPage } from "../../support/mermaid-page.ts";

const folder = fileURLToPath(new URL("../../golden/diff/", import.meta.url));
const rendered = fileURLToPath(new URL("../../golden/report/", import.meta.url));
const cases = readdirSync(folder).sort();
const large = largeDiff({ edited: 500, indirect: 500, unchanged: 500, fields: 20 });

describe("the diff as a mermaid graph", () => {
  it.each(["expansion-audio-bumped", "feature-renamed", "definition-only", "nothing-changed"])(
    "%s",
    async (name) => {
      const text = renderMermaid(diffOfCase(`${folder}${name}/`));
      await expect(text).toMatchFileSnapshot(`${folder}${name}/expected.mmd`);
    },
  );

  it("counts what does not fit", async () => {
    const diff = largeDiff({ edited: 4, indirect: 20, unchanged: 20, fields: 6 });
    await expect(renderMermaid(diff, { nodes: 12 })).toMatchFileSnapshot(`${rendered}large.mmd`);
  });

  it("draws those that changed before their neighbours, and nobody else", () => {
    const diff = diffOfCase(`${folder}bump-in-the-middle/`);
    expect(keysIn(renderMermaid(diff))).toEqual(["speech", "mood", "clip", "faces"]);
    expect(keysIn(renderMermaid(diffOfCase(`${folder}definition-only/`)))).toEqual(["clip", "faces"]);
  });

  it("has at most the characters and arrows that mermaid takes", () => {
    const text = renderMermaid(large, { nodes: 1500 });
    expect(text.length).toBeGreaterThan(49_000);
    expect(text.length).toBeLessThanOrEqual(50_000);
    expect(text).toMatch(/… and \d+ more/);
    expect(renderMermaid(meshed(25)).split("-->").length - 1).toBe(500);
    fc.assert(
      fc.property(hostileDiff, fc.integer({ min: 1000, max: 4000 }), (diff, limit) => {
        expect(renderMermaid(diff, { limit }).length).toBeLessThanOrEqual(limit);
      }),
      { endOnFailure: true },
    );
  });
});

const browserPath = findBrowser();
if (browserPath === undefined) {
  console.warn("There is no chromium on the PATH, and CHROME_PATH names none: no graph is drawn by mermaid.");
}

describe.skipIf(browserPath === undefined)("mermaid itself", () => {
  let page: MermaidPage;
  beforeAll(async () => {
    page = await openMermaidPage(browserPath ?? "");
  });
  afterAll(() => page.close());

  it.each(cases)("draws %s", async (name) => {
    const diff = diffOfCase(`${folder}${name}/`);
    const graph = renderMermaid(diff);
    const drawing = await page.draw(graph);
    const changed = diff.features.filter(({ status }) => status !== "unchanged");
    for (const { key } of changed) expect(firstLines(drawing)).toContain(key);
    expect(firstLines(drawing)).toEqual(changed.length === 0 ? ["Nothing changed"] : keysIn(graph));
    expect(drawing.arrows).toBe(graph.split("->").length - 1);
    expect(await page.draw(graphIn(renderMarkdown(diff)) ?? graph)).toEqual(drawing);
  });

  it("draws what is as large as it may be", async () => {
    const { labels, arrows } = await page.draw(renderMermaid(meshed(25)));
    expect(labels.at(-1)).toBe("… and 5 more");
    expect(arrows).toBe(500);
    expect((await page.draw(renderMermaid(large))).labels).toHaveLength(201);
  });

  it("shows hostile texts as they are, and makes nothing of them", async () => {
    const diffs = fc.sample(hostileDiff, { numRuns: 60, seed: 4 });
    for (const diff of diffs) {
      const drawing = await page.draw(renderMermaid(diff));
      expect(drawing.foreign).toEqual([]);
      const changed = diff.features.filter(({ status }) => status !== "unchanged");
      const drawn = firstLines(drawing).map(visible);
      for (const { key } of changed) expect(drawn).toContain(visible(oneLine(key, 60)));
    }
  });
});

/** Keys of the features in a graph whose keys are plain, in the order in which they stand there. */
function keysIn(graph: string): string[] {
  return [...graph.matchAll(/\["(.*?)<br>/g)].map(([, key = ""]) => key);
}

function firstLines({ labels }: Drawing): string[] {
  return labels.map((text) => text.split("\n")[0] ?? "");
}

/** A text as it is seen: spaces at its ends, several in a row, and those without width are not. */
function visible(text: string): string {
  return text.replaceAll("\u200b", "").replaceAll(/\s+/g, " ").trim();
}

/** The graph within a Markdown text. */
function graphIn(markdown: string): string | undefined {
  return /^```mermaid\n(.*?)^```$/ms.exec(markdown)?.[1];
}

/** 25 edited features, and others that each stand below all of them. */
function meshed(following: number): VersionDiff {
  const { features, ...diff } = largeDiff({ edited: 25, indirect: following, unchanged: 0, fields: 1 });
  const edited = features.slice(0, 25).map(({ key }) => key);
  const downstream = features.map((feature): FeatureDiff => {
    const { status, after } = feature;
    return status === "direct" || after === undefined
      ? feature
      : { ...feature, after: { ...after, upstream: edited } };
  });
  return { ...diff, features: downstream };
}
