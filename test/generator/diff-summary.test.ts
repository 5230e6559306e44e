import { stripVTControlCharacters } from "node:util";
import { afterEach, describe, expect, it, vi } from "vitest";
import { diffManifests, renderSummary, type SummaryOptions } from "../../generator/diff/index.ts";
import { readJsonDocument } from "../../generator/source/read-json-document.ts";
import { type FeatureSketch, sampleManifest } from "./sample-manifest.ts";

/** The expansion pipeline at its documented hash length. */
const before: Readonly<Record<string, FeatureSketch>> = {
  "video/raw": { fields: { audio: { code: "1" }, frames: { code: "1" } } },
  "video/chunk": {
    fields: {
      audio: { code: "1", parents: ["video/raw.audio"] },
      frames: { code: "1", parents: ["video/raw.frames"] },
    },
  },
  "video/faces": { fields: { faces: { code: "1", parents: ["video/chunk.frames"] } } },
};
const after: Readonly<Record<string, FeatureSketch>> = {
  ...before,
  "video/raw": { fields: { audio: { code: "2" }, frames: { code: "1" } } },
};

const rawSpec = `{
  "feature": {
    "key": "video/raw",
    "fields": [
      { "key": "audio", "codeVersion": "2" }
    ]
  }
}`;

function summary(options: Partial<SummaryOptions> = {}, from = before, to = after): string {
  const { document } = readJsonDocument("schemas/video-raw.feature.json", rawSpec);
  const specs = new Map(document === undefined ? [] : [["video/raw", document]]);
  const diff = diffManifests(sampleManifest(from, 8), sampleManifest(to, 8), specs);
  return `\n${renderSummary(diff, { color: false, ...options })}`;
}

describe("the summary of version changes", () => {
  it("gives totals, then each moved feature with its causes and the edited line", () => {
    expect(summary()).toMatchInlineSnapshot(`
      "
      1 changed directly, 1 follows, 1 untouched; 3 of 5 fields keep their version

      ~ video/raw    00441950 → 253ec296  direct
          audio      7132721c → f8e35296  codeVersion "1" → "2"
                                          schemas/video-raw.feature.json:5:40
          frames     3cc120b6
      ~ video/chunk  0bcd4190 → 95972777  upstream
          audio      a69809d7 → c2e08292  ← video/raw.audio: codeVersion "1" → "2"
          frames     2e7fa05f
      "
    `);
  });

  it("puts what does not fit below", () => {
    const narrow = summary({ columns: 60 });
    expect(narrow).toMatchInlineSnapshot(`
      "
      1 changed directly, 1 follows, 1 untouched; 3 of 5 fields keep their version

      ~ video/raw    00441950 → 253ec296  direct
          audio      7132721c → f8e35296
            codeVersion "1" → "2"
            schemas/video-raw.feature.json:5:40
          frames     3cc120b6
      ~ video/chunk  0bcd4190 → 95972777  upstream
          audio      a69809d7 → c2e08292
            ← video/raw.audio: codeVersion "1" → "2"
          frames     2e7fa05f
      "
    `);
    for (const line of narrow.split("\n").slice(2)) expect(line.length).toBeLessThanOrEqual(60);
  });

  it("names the root cause of a long way, and cuts the way", () => {
    const chain = (code: string): Record<string, FeatureSketch> => ({
      a: { fields: { x: { code } } },
      b: { fields: { x: { parents: ["a.x"] } } },
      c: { fields: { x: { parents: ["b.x"] } } },
      d: { fields: { x: { parents: ["c.x"] } } },
      e: { fields: { x: { parents: ["d.x"] } } },
    });
    expect(summary({}, chain("1"), chain("2"))).toContain('← d.x ← … 2 more ← a.x: codeVersion "1" → "2"');
  });

  it("says what is new, gone, rewired, reworded", () => {
    const changed: Record<string, FeatureSketch> = {
      "video/raw": { fields: { audio: { code: "1" }, frames: { code: "1" }, text: {} } },
      "video/chunk": {
        fields: {
          audio: { parents: ["video/raw.audio", "video/raw.frames"], deps: "all" },
          frames: { code: "1", parents: ["video/raw.frames"] },
        },
        description: "New words.",
      },
      "video/heads": { fields: { heads: { parents: ["video/chunk.frames"] } } },
    };
    expect(summary({}, before, changed)).toMatchInlineSnapshot(`
      "
      1 added, 1 removed, 2 changed directly; 3 of 4 fields keep their version

      ~ video/chunk  0bcd4190 → 8fcba75f  direct
          audio      a69809d7 → 898e2d1a  codeVersion "1" → (default)
                                          now reads video/raw.frames
          frames     2e7fa05f
      ~ video/raw    00441950 → 2ff7a124  direct
          audio      7132721c
          frames     3cc120b6
          text       e2d4b3d8             added
      + video/heads  32b8b23d             added
      - video/faces  a5f69d9c             removed
      "
    `);
  });

  it("tells a change that moves no version", () => {
    const changed = {
      ...before,
      "video/raw": { fields: { audio: { code: "1" }, frames: { code: "1" } }, columns: { id: "BIGINT" } },
      "video/faces": {
        fields: { faces: { code: "1", parents: ["video/chunk.frames"] } },
        description: "Heads.",
      },
    };
    expect(summary({}, before, changed)).toMatchInlineSnapshot(`
      "
      1 changed directly, 1 follows, 1 in the definition only; 5 of 5 fields keep their version

      ~ video/raw    00441950  direct: ids, deps, columns or name changed, the version did not
      ~ video/chunk  0bcd4190  upstream
      = video/faces  a5f69d9c  definition only: descriptions or metadata changed, the version did not
      "
    `);
  });

  it("is one line where there is nothing to tell", () => {
    expect(summary({}, before, before)).toBe("\nNo version changed: 3 features, 5 fields\n");
    const first = renderSummary(diffManifests(undefined, sampleManifest(before)), { color: false });
    expect(first).toBe("First versions: 3 features, 5 fields\n");
  });

  it("keeps strange code versions on their line", () => {
    const strange = (code: string): Record<string, FeatureSketch> => ({ a: { fields: { x: { code } } } });
    const text = summary({}, strange("a\nb\u001b[31m"), strange(`${"é".repeat(500)}`));
    expect(text).toContain(`codeVersion "a\\nb\\u001b[31m" → "${"é".repeat(23)}…"`);
  });

  it("stops listing where the totals would leave the screen", () => {
    const many = (code: string): Record<string, FeatureSketch> =>
      Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`f${n}`, { fields: { x: { code } } }]));
    const text = summary({}, many("1"), many("2"));
    expect(text).toContain("60 changed directly; 0 of 60 fields keep their version");
    expect(text.trimEnd()).toMatch(/… and 10 more$/);
  });
});

describe("colour", () => {
  afterEach(() => vi.doUnmock("yoctocolors"));

  it("is only added, and only when asked for", async () => {
    // The library itself leaves colours out where this test does not run in a terminal.
    const paint = (text: string) => `\u001b[1m${text}\u001b[22m`;
    vi.doMock("yoctocolors", () => ({ default: { green: paint, red: paint, bold: paint, dim: paint } }));
    vi.resetModules();
    const { renderSummary: render } = await import("../../generator/diff/render-summary.ts");
    const diff = diffManifests(sampleManifest(before), sampleManifest(after));
    const colored = render(diff, { color: true });
    expect(colored).not.toBe(render(diff, { color: false }));
    expect(stripVTControlCharacters(colored)).toBe(render(diff, { color: false }));
  });
});
