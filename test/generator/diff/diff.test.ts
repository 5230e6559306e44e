import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffManifests, type FieldDiff, type VersionDiff } from "../../../generator/diff/index.ts";
import type { Manifest } from "../../../generator/manifest/index.ts";
import { type FeatureSketch, sampleManifest } from "../../support/sample-manifest.ts";

const video: Readonly<Record<string, FeatureSketch>> = {
  "video/raw": { fields: { audio: {}, frames: {} } },
  "video/chunk": {
    fields: { audio: { parents: ["video/raw.audio"] }, frames: { parents: ["video/raw.frames"] } },
  },
  "video/faces": { fields: { faces: { parents: ["video/chunk.frames"] } } },
};

function edited(changes: Readonly<Record<string, FeatureSketch>>): Record<string, FeatureSketch> {
  return { ...video, ...changes };
}

function fieldOf(diff: VersionDiff, fullName: string): FieldDiff {
  const [feature, field] = fullName.split(".");
  const found = diff.features.find(({ key }) => key === feature)?.fields.find(({ key }) => key === field);
  if (found === undefined) throw new Error(`no ${fullName}`);
  return found;
}

function statuses(diff: VersionDiff): Record<string, string> {
  return Object.fromEntries(diff.features.map(({ key, status }) => [key, status]));
}

describe("the diff of two manifests", () => {
  it("finds nothing between equal states", () => {
    const diff = diffManifests(sampleManifest(video), sampleManifest(video));
    expect(diff.totals.features).toEqual({
      added: 0,
      removed: 0,
      direct: 0,
      indirect: 0,
      metadataOnly: 0,
      unchanged: 3,
    });
    expect(diff.totals.fields.unchanged).toBe(5);
    expect(diff.causes).toEqual([]);
  });

  it("holds a first state as added", () => {
    const diff = diffManifests(undefined, sampleManifest(video));
    expect(diff.before).toBeUndefined();
    expect(new Set(Object.values(statuses(diff)))).toEqual(new Set(["added"]));
    expect(diff.totals.fields).toEqual({ added: 5, removed: 0, direct: 0, indirect: 0, unchanged: 0 });
  });

  it("follows a bumped field down, and stops where nobody reads it", () => {
    const after = edited({ "video/raw": { fields: { audio: { code: "2" }, frames: {} } } });
    const diff = diffManifests(sampleManifest(video), sampleManifest(after));
    expect(statuses(diff)).toEqual({
      "video/chunk": "indirect",
      "video/faces": "unchanged",
      "video/raw": "direct",
    });
    expect(fieldOf(diff, "video/raw.audio")).toMatchObject({
      status: "direct",
      causes: [{ path: ["video/raw.audio"], rule: "code-version", from: "__metaxy_initial__", to: "2" }],
    });
    expect(fieldOf(diff, "video/chunk.audio")).toMatchObject({
      status: "indirect",
      causes: [{ path: ["video/chunk.audio", "video/raw.audio"], rule: "code-version" }],
    });
    expect(fieldOf(diff, "video/chunk.frames")).toMatchObject({ status: "unchanged", causes: [] });
  });

  it("tells both causes of a field that was bumped itself and above", () => {
    const after = edited({
      "video/raw": { fields: { audio: { code: "2" }, frames: {} } },
      "video/chunk": {
        fields: {
          audio: { code: "7", parents: ["video/raw.audio"] },
          frames: { parents: ["video/raw.frames"] },
        },
      },
    });
    const { status, causes } = fieldOf(
      diffManifests(sampleManifest(video), sampleManifest(after)),
      "video/chunk.audio",
    );
    expect(status).toBe("direct");
    expect(causes.map(({ path }) => path)).toEqual([
      ["video/chunk.audio"],
      ["video/chunk.audio", "video/raw.audio"],
    ]);
  });

  it("blames a field that came upstream, not the feature whose automatic mapping took it", () => {
    const chunk = (parents: readonly string[]): FeatureSketch => ({ fields: { sound: { parents } } });
    const before = { ...video, "video/chunk": chunk(["video/raw.audio", "video/raw.frames"]) };
    const after = {
      ...before,
      "video/raw": { fields: { audio: {}, frames: {}, text: {} } },
      "video/chunk": chunk(["video/raw.audio", "video/raw.frames", "video/raw.text"]),
    };
    const faces = { "video/faces": { fields: { faces: { parents: ["video/chunk.sound"] } } } };
    const diff = diffManifests(
      sampleManifest({ ...before, ...faces }),
      sampleManifest({ ...after, ...faces }),
    );
    expect(fieldOf(diff, "video/raw.text").status).toBe("added");
    expect(fieldOf(diff, "video/chunk.sound")).toMatchObject({
      status: "indirect",
      causes: [{ path: ["video/chunk.sound", "video/raw.text"], rule: "root-field-added" }],
    });
    expect(fieldOf(diff, "video/faces.faces").causes).toMatchObject([
      { path: ["video/faces.faces", "video/chunk.sound", "video/raw.text"], rule: "root-field-added" },
    ]);
  });

  it("names the field that went, where a mapping falls back to all", () => {
    const before = { a: { fields: { x: {}, y: {}, z: {} } }, b: { fields: { x: { parents: ["a.x"] } } } };
    const after = { a: { fields: { y: {}, z: {} } }, b: { fields: { x: { parents: ["a.y", "a.z"] } } } };
    const diff = diffManifests(sampleManifest(before), sampleManifest(after));
    expect(fieldOf(diff, "b.x").causes).toMatchObject([{ path: ["b.x", "a.x"], rule: "field-removed" }]);
  });

  it("blames a feature that is wired otherwise: its field's deps, its mapping, its deps", () => {
    const rewired = edited({
      "video/faces": {
        fields: {
          faces: {
            parents: ["video/chunk.audio", "video/chunk.frames"],
            deps: [{ feature: "video/chunk", fields: "all" }],
          },
        },
      },
    });
    const faces = fieldOf(diffManifests(sampleManifest(video), sampleManifest(rewired)), "video/faces.faces");
    expect(faces).toMatchObject({
      status: "direct",
      causes: [
        {
          path: ["video/faces.faces"],
          rule: "field-lineage",
          from: "video/chunk.frames",
          to: "video/chunk.audio, video/chunk.frames",
        },
      ],
    });

    const mapped = edited({
      "video/faces": {
        fields: { faces: { parents: ["video/chunk.audio", "video/chunk.frames"] } },
        deps: [{ feature: "video/chunk", lineage: { type: "identity" }, fieldsMapping: { type: "all" } }],
      },
    });
    expect(
      fieldOf(diffManifests(sampleManifest(video), sampleManifest(mapped)), "video/faces.faces").causes,
    ).toMatchObject([{ rule: "field-lineage" }]);

    const joined = edited({
      "video/faces": { fields: { faces: { parents: ["video/chunk.frames", "video/raw.frames"] } } },
    });
    expect(
      fieldOf(diffManifests(sampleManifest(video), sampleManifest(joined)), "video/faces.faces").causes,
    ).toEqual([{ path: ["video/faces.faces"], rule: "dep-added", to: "video/raw" }]);
    expect(
      fieldOf(diffManifests(sampleManifest(joined), sampleManifest(video)), "video/faces.faces").causes,
    ).toEqual([{ path: ["video/faces.faces"], rule: "dep-removed", from: "video/raw" }]);
  });

  it("keeps the causes of a parent that was dropped at the same time: restoring the link alone does not help", () => {
    const before = { a: { fields: { x: {}, y: {} } }, b: { fields: { z: { parents: ["a.x", "a.y"] } } } };
    const after = {
      a: { fields: { x: { code: "2" }, y: {} } },
      b: { fields: { z: { parents: ["a.y"], deps: [{ feature: "a", fields: ["y"] }] } } },
    };
    const diff = diffManifests(sampleManifest(before), sampleManifest(after));
    expect(fieldOf(diff, "b.z").causes.map(({ rule }) => rule)).toEqual(["field-lineage", "code-version"]);
  });

  it("tells what decides the rows from words about them", () => {
    const reworded = diffManifests(
      sampleManifest(video),
      sampleManifest(edited({ "video/raw": { fields: { audio: {}, frames: {} }, description: "New." } })),
    );
    expect(statuses(reworded)["video/raw"]).toBe("metadataOnly");
    const retyped = diffManifests(
      sampleManifest(video),
      sampleManifest(
        edited({ "video/raw": { fields: { audio: {}, frames: {} }, columns: { id: "BIGINT NOT NULL" } } }),
      ),
    );
    expect(statuses(retyped)["video/raw"]).toBe("direct");
    expect(statuses(retyped)["video/chunk"]).toBe("indirect");
    expect(statuses(retyped)["video/faces"]).toBe("unchanged");
  });

  it("pairs a feature that went with the only one that came and is the same but for its key", () => {
    const clip = { clip: { fields: { audio: {} } } };
    const text: FeatureSketch = { fields: { text: { code: "1", parents: ["clip.audio"] } } };
    const renamedFrom = (after: Record<string, FeatureSketch>) =>
      Object.fromEntries(
        diffManifests(
          sampleManifest({ ...clip, speech: text }),
          sampleManifest({ ...clip, ...after }),
        ).features.flatMap(({ key, renamedFrom }) => (renamedFrom === undefined ? [] : [[key, renamedFrom]])),
      );
    expect(renamedFrom({ words: text })).toEqual({ words: "speech" });
    expect(renamedFrom({ words: text, lines: text })).toEqual({});
    expect(renamedFrom({ words: { fields: { text: { code: "2", parents: ["clip.audio"] } } } })).toEqual({});
    expect(renamedFrom({ words: { ...text, columns: { id: "BIGINT NOT NULL" } } })).toEqual({});
    expect(renamedFrom({ speech: text, words: text })).toEqual({});
  });

  it("lists features that came and went", () => {
    const { "video/faces": faces, ...others } = video;
    const { faces: field = {} } = faces?.fields ?? {};
    const renamed = { ...others, "video/heads": { fields: { faces: { ...field, code: "2" } } } };
    const diff = diffManifests(sampleManifest(video), sampleManifest(renamed));
    expect(statuses(diff)).toMatchObject({ "video/faces": "removed", "video/heads": "added" });
    expect(fieldOf(diff, "video/faces.faces")).toMatchObject({ status: "removed", causes: [] });
  });

  it("tells a change of hashLength once", () => {
    const diff = diffManifests(sampleManifest(video, 8), sampleManifest(video, 64));
    expect(diff.causes).toMatchObject([{ rule: "hash-length", from: "8", to: "64" }]);
    expect(diff.features.flatMap(({ fields }) => fields.flatMap(({ causes }) => causes))).toEqual([]);
    expect(diff.totals.features).toMatchObject({ indirect: 3, direct: 0 });
    expect(diffManifests(sampleManifest(video, 64), sampleManifest(video, 100)).causes).toEqual([]);
  });

  it("says so when versions moved and nothing explains it", () => {
    const tampered: Manifest = JSON.parse(
      JSON.stringify(sampleManifest(video)).replace(/"version":"./, '"version":"x'),
    );
    expect(diffManifests(tampered, sampleManifest(video)).causes).toMatchObject([
      { rule: "version-formula" },
    ]);
  });

  it("survives a manifest with a cycle, which only an editor can make", () => {
    const looped = (code: string): Manifest => {
      const manifest = sampleManifest({
        a: { fields: { x: { code, parents: ["b.x"] } } },
        b: { fields: { x: { code, parents: ["a.x"] } } },
      });
      return manifest;
    };
    expect(diffManifests(looped("1"), looped("2")).totals.fields.unchanged).toBe(0);
  });

  it("does not walk paths: 2^40 of them lead to the edit", () => {
    const ladder = (code: string): Manifest => {
      const features: Record<string, FeatureSketch> = { layer0: { fields: { l: { code }, r: { code } } } };
      for (let layer = 1; layer <= 40; layer += 1) {
        const parents = [`layer${layer - 1}.l`, `layer${layer - 1}.r`];
        features[`layer${layer}`] = { fields: { l: { parents }, r: { parents } } };
      }
      return sampleManifest(features);
    };
    const diff = diffManifests(ladder("1"), ladder("2"));
    const { causes } = fieldOf(diff, "layer40.r");
    expect(causes.map(({ path }) => [path.length, path.at(-1)])).toEqual([
      [41, "layer0.l"],
      [41, "layer0.r"],
    ]);
  });

  it("does not recurse: a chain may be longer than the stack", () => {
    const chain = (code: string): Manifest => {
      const features: Record<string, FeatureSketch> = { f0: { fields: { x: { code } } } };
      for (let link = 1; link <= 3000; link += 1) {
        features[`f${link}`] = { fields: { x: { parents: [`f${link - 1}.x`] } } };
      }
      return sampleManifest(features);
    };
    expect(fieldOf(diffManifests(chain("1"), chain("2")), "f3000.x").causes[0]?.path).toHaveLength(3001);
  });
});

/** A graph of fields, upstream first, one per feature: for each the indices of its parents. */
const graphs = fc.integer({ min: 1, max: 12 }).chain((size) =>
  fc.tuple(
    ...Array.from({ length: size }, (_, index) =>
      fc.record({
        parents:
          index === 0 ? fc.constant<number[]>([]) : fc.uniqueArray(fc.nat(index - 1), { maxLength: 4 }),
        isBumped: fc.boolean(),
      }),
    ),
  ),
);

describe("causes in random graphs", () => {
  it("are all edited fields above, each by a shortest path along parents", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const build = (isAfter: boolean): Manifest =>
          sampleManifest(
            Object.fromEntries(
              graph.map(({ parents, isBumped }, index) => [
                `f${index}`,
                {
                  fields: {
                    x: {
                      code: isAfter && isBumped ? "2" : "1",
                      parents: parents.map((p) => `f${p}.x`).sort(),
                    },
                  },
                },
              ]),
            ),
          );
        const diff = diffManifests(build(false), build(true));
        for (const [index] of graph.entries()) {
          const distances = distancesUp(graph, index);
          const expected = [...distances].filter(([upstream]) => graph[upstream]?.isBumped);
          const { causes, status } = fieldOf(diff, `f${index}.x`);
          expect(new Map(causes.map(({ path }) => [path.at(-1), path.length - 1]))).toEqual(
            new Map(expected.map(([upstream, distance]) => [`f${upstream}.x`, distance])),
          );
          expect(status).toBe(
            graph[index]?.isBumped ? "direct" : expected.length > 0 ? "indirect" : "unchanged",
          );
          for (const { path } of causes) expectLinked(path, graph);
        }
        const { features, fields } = diff.totals;
        expect(Object.values(features).reduce((sum, n) => sum + n)).toBe(graph.length);
        expect(Object.values(fields).reduce((sum, n) => sum + n)).toBe(graph.length);
      }),
      { numRuns: 200 },
    );
  });
});

type Graph = readonly { readonly parents: readonly number[]; readonly isBumped: boolean }[];

/** Steps up to each field above, by breadth-first search. */
function distancesUp(graph: Graph, start: number): Map<number, number> {
  const distances = new Map([[start, 0]]);
  for (const [index, distance] of distances) {
    for (const parent of graph[index]?.parents ?? []) {
      if (!distances.has(parent)) distances.set(parent, distance + 1);
    }
  }
  return distances;
}

function expectLinked(path: readonly string[], graph: Graph): void {
  const indices = path.map((name) => Number(/^f(\d+)\./.exec(name)?.[1]));
  for (const [step, index] of indices.slice(0, -1).entries()) {
    expect(graph[index]?.parents).toContain(indices[step + 1]);
  }
}
