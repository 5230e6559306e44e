import { stripVTControlCharacters } from "node:util";
import { afterEach, describe, expect, it, vi } from "vitest";
import { diffManifests } from "../../../generator/diff/index.ts";
import { renderNoChanges } from "../../../generator/report/describe-totals.ts";
import { renderText, type TextOptions } from "../../../generator/report/index.ts";
import { readJsonDocument } from "../../../generator/source/read-json-document.ts";
import { type FeatureSketch, sampleManifest } from "../../support/sample-manifest.ts";

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

function summary(options: Partial<TextOptions> = {}, from = before, to = after): string {
  const { document } = readJsonDocument("schemas/video-raw.feature.json", rawSpec);
  const specs = new Map(document === undefined ? [] : [["video/raw", document]]);
  const diff = diffManifests(sampleManifest(from, 8), sampleManifest(to, 8), specs);
  return `\n${renderText(diff, { color: false, ...options })}`;
}

describe("a diff in the terminal", () => {
  it("gives totals, then each moved feature with its causes and the edited line", () => {
    expect(summary()).toMatchInlineSnapshot(`
      "
      1 changed directly, 1 indirectly, 1 unchanged; 3 of 5 fields keep their version

      ~ video/raw    00441950 → 253ec296  direct         recompute: all   types: none
          audio      7132721c → f8e35296  codeVersion "1" → "2"
                                          schemas/video-raw.feature.json:5:40
          frames     3cc120b6
      ~ video/chunk  0bcd4190 → 95972777  indirect       recompute: all   types: none
          audio      a69809d7 → c2e08292  ← video/raw.audio: codeVersion "1" → "2"
          frames     2e7fa05f
      = video/faces  a5f69d9c             unchanged      reads only video/chunk.frames, which is unchanged
                                          module regenerated: it embeds versions of video/chunk

      Run video/raw, then video/chunk.
      Until both have run, video/faces reports its rows as orphaned: keep them.
      To roll back, set the codeVersion of video/raw.audio to "1": rows stored under 00441950 and 0bcd4190 count again.
      "
    `);
  });

  it("puts what does not fit below", () => {
    const narrow = summary({ columns: 60 });
    expect(narrow).toMatchInlineSnapshot(`
      "
      1 changed directly, 1 indirectly, 1 unchanged; 3 of 5 fields
      keep their version

      ~ video/raw    00441950 → 253ec296
            direct         recompute: all   types: none
          audio      7132721c → f8e35296
            codeVersion "1" → "2"
            schemas/video-raw.feature.json:5:40
          frames     3cc120b6
      ~ video/chunk  0bcd4190 → 95972777
            indirect       recompute: all   types: none
          audio      a69809d7 → c2e08292
            ← video/raw.audio: codeVersion "1" → "2"
          frames     2e7fa05f
      = video/faces  a5f69d9c
            unchanged      reads only video/chunk.frames, which is
            unchanged
            module regenerated: it embeds versions of video/chunk

      Run video/raw, then video/chunk.
      Until both have run, video/faces reports its rows as
      orphaned: keep them.
      To roll back, set the codeVersion of video/raw.audio to "1":
      rows stored under 00441950 and 0bcd4190 count again.
      "
    `);
    for (const line of narrow.split("\n").slice(2)) expect(line.length).toBeLessThanOrEqual(60);
  });

  it("breaks every sentence at the width, and leaves no blanks behind", () => {
    for (const columns of [40, 44, 50]) {
      const text = summary({ columns, base: "against main (merge base 3f2c1ab), on a branch" });
      for (const line of text.split("\n")) {
        // A place stays whole, so that it can be followed.
        if (line.trim().includes(" ")) expect(line.length).toBeLessThanOrEqual(columns);
        expect(line).toBe(line.trimEnd());
        expect(line).not.toMatch(/types:$/);
      }
    }
    expect(summary({ columns: 40 })).toContain(
      "\n1 changed directly, 1 indirectly, 1\nunchanged; 3 of 5 fields keep their\nversion\n",
    );
  });

  it("is broken alike where nothing moved", () => {
    const manifest = sampleManifest(before);
    const base = "against main (merge base 3f2c1ab)";
    const text = renderNoChanges(manifest, base, 30);
    expect(text).toBe("against main (merge base\n3f2c1ab)\nNo version changed: 3\nfeatures, 5 fields\n");
    expect(text).toBe(renderText(diffManifests(manifest, manifest), { base, color: false, columns: 30 }));
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
      2 changed directly, 1 added, 1 removed; 3 of 4 fields keep their version

      ~ video/chunk  0bcd4190 → 8fcba75f  direct         recompute: all   types: none
          audio      a69809d7 → 898e2d1a  codeVersion "1" → (default)
                                          now reads video/raw.frames
          frames     2e7fa05f
          warning  The field audio now reads video/raw.frames, by its own deps. [field-lineage]
      ~ video/raw    00441950 → 2ff7a124  direct         recompute: all   types: breaking
          audio      7132721c
          frames     3cc120b6
          text       e2d4b3d8             added
          error    The field text was added, and samples must have a provenance for it from now on. [root-field-added]
                   schemas/video-raw.feature.json:4:15
      + video/heads  32b8b23d             added          recompute: all   types: additive
          heads      2b4d8c5b             added
      - video/faces  a5f69d9c             removed        recompute: orphans   types: breaking
          faces      e16d365e             removed
          error    The feature was removed; its stored rows stay until \`stemma drop video/faces\`. [feature-removed]

      Run video/raw, then video/chunk, then video/heads.
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
      1 changed directly, 1 indirectly, 1 metadata only; 5 of 5 fields keep their version

      ~ video/raw    00441950  direct         recompute: none   types: breaking
          error    The column id is BIGINT instead of VARCHAR. Stored values cannot be converted (groups are ordered by id columns, so their types stay): resolve and write fail until \`stemma migrate\` rewrites them, or the column has another name. [column-type]
                   schemas/video-raw.feature.json:1:1
          error    The column id may be null now. [column-nullable]
                   schemas/video-raw.feature.json:1:1
      ~ video/chunk  0bcd4190  indirect       recompute: none   types: breaking
          error    In increments, id of video/raw is BIGINT instead of VARCHAR. [input-column-type]
      = video/faces  a5f69d9c  metadata only  no effect on versions, rows or types
      "
    `);
  });

  it("lists the steps back", () => {
    const edited = (code: string): Record<string, FeatureSketch> => ({
      a: { fields: { x: { code } } },
      b: { fields: { y: { code }, z: code === "1" ? {} : { code } } },
    });
    expect(summary({}, edited("1"), edited("2"))).toContain(
      'To roll back, set the codeVersion of a.x to "1", set the codeVersion of b.y to "1" and remove the codeVersion of b.z: rows stored under',
    );
  });

  it("shows versions that begin alike up to where they differ", () => {
    const manifest = sampleManifest(before);
    const { "video/raw": raw } = manifest.features;
    const { audio } = raw?.fields ?? {};
    if (raw === undefined || audio === undefined) throw new Error("no audio");
    const version = `${audio.version.slice(0, 9)}${audio.version[9] === "0" ? "1" : "0"}${audio.version.slice(10)}`;
    const edited = { ...raw, fields: { ...raw.fields, audio: { ...audio, version } } };
    const tampered = { ...manifest, features: { ...manifest.features, "video/raw": edited } };
    const diff = diffManifests(tampered, manifest);
    expect(diff.causes).toMatchObject([{ rule: "version-formula", recompute: "none" }]);
    const text = renderText(diff, { color: false });
    expect(text).toContain(`    audio    ${version.slice(0, 10)} → ${audio.version.slice(0, 10)}`);
    expect(text).toMatch(/^~ video\/raw .* no spec edit +recompute: none/m);
    expect(text).toContain("1 changed without a spec edit, 2 unchanged");
  });

  it("tells a feature that moved though none of its fields did", () => {
    const manifest = sampleManifest(before);
    const { "video/faces": faces } = manifest.features;
    if (faces === undefined) throw new Error("no faces");
    const edited = { ...faces, featureVersion: "0".repeat(64) };
    const tampered = { ...manifest, features: { ...manifest.features, "video/faces": edited } };
    const diff = diffManifests(tampered, manifest);
    expect(diff.causes).toMatchObject([{ rule: "version-formula", recompute: "all" }]);
    expect(renderText(diff, { color: false })).toMatch(
      /^~ video\/faces {2}00000000 → [\da-f]{8} {2}no spec edit +recompute: all/m,
    );
  });

  it("is one line where there is nothing to tell", () => {
    expect(summary({}, before, before)).toBe("\nNo version changed: 3 features, 5 fields\n");
    const first = renderText(diffManifests(undefined, sampleManifest(before)), { color: false });
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
    const text = summary({ brief: true }, many("1"), many("2"));
    expect(text).toContain("60 changed directly; 0 of 60 fields keep their version");
    expect(text).toContain("\n… and 10 more: `npx stemma diff` prints all\n");
    expect(text).not.toContain("~ f9 ");
    expect(summary({}, many("1"), many("2"))).toContain("~ f9 ");
  });
});

describe("colour", () => {
  afterEach(() => vi.doUnmock("yoctocolors"));

  it("is only added, and only when asked for", async () => {
    // The library itself leaves colours out where this test does not run in a terminal.
    const paint = (text: string) => `\u001b[1m${text}\u001b[22m`;
    vi.doMock("yoctocolors", () => ({
      default: { green: paint, red: paint, bold: paint, dim: paint, yellow: paint, cyan: paint },
    }));
    vi.resetModules();
    const { renderText: render } = await import("../../../generator/report/text/render-text.ts");
    const diff = diffManifests(sampleManifest(before), sampleManifest(after));
    const colored = render(diff, { color: true });
    expect(colored).not.toBe(render(diff, { color: false }));
    expect(stripVTControlCharacters(colored)).toBe(render(diff, { color: false }));
  });
});
