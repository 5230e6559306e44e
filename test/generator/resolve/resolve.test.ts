import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { projectRules } from "../../../generator/diagnostics/diagnostic.ts";
import {
  filesByKey,
  resolvedFeatures,
  resolveSpecs,
  type SpecObject,
} from "../../support/resolve-sources.ts";

const text = { type: "string" };

interface SpecInput {
  readonly ids: readonly string[];
  /** Names of text columns beside the ids. */
  readonly columns?: readonly string[];
  readonly deps?: readonly (string | object)[];
  readonly fields?: readonly (string | object)[];
  readonly title?: string;
}

function spec(
  key: string,
  { ids, columns = [], deps = [], fields = ["default"], title }: SpecInput,
): SpecObject {
  const names = [...ids, ...columns];
  return {
    ...(title === undefined ? {} : { title }),
    type: "object",
    properties: Object.fromEntries(names.map((name) => [name, text])),
    required: names,
    feature: { key, idColumns: ids, deps, fields },
  } as SpecObject;
}

function resolved(key: string, ...specs: SpecObject[]) {
  const feature = resolvedFeatures(specs).get(key);
  if (feature === undefined) throw new Error(`No feature ${key}`);
  return feature;
}

function codesOf(specs: readonly SpecObject[]): string[] {
  return resolveSpecs(filesByKey(specs)).diagnostics.map(({ code }) => code);
}

const scene = spec("scene", { ids: ["video", "scene"], columns: ["length"] });
const video = spec("video", { ids: ["video"], columns: ["title"] });
const aggregation = (on?: readonly string[]) => ({
  type: "aggregation",
  ...(on === undefined ? {} : { on }),
});

describe("names", () => {
  it.each([
    ["an-example/of_keys", undefined, "an_example__of_keys", "AnExampleOfKeys"],
    ["key", "VideoChunk", "key", "VideoChunk"],
    ["key", "speech to text, v2", "key", "SpeechToTextV2"],
    ["key", "ça va ĳs", "key", "ÇaVaĲs"],
    ["key", "音声 data", "key", "音声Data"],
    ["key", "cafe\u0301 हिन्दी", "key", "Caféहिन्दी"],
  ])("%s, titled %s", (key, title, table, name) => {
    const feature = resolved(key, spec(key, { ids: ["id"], ...(title === undefined ? {} : { title }) }));
    expect([feature.table, feature.name, feature.module]).toEqual([table, name, key]);
  });

  it("refuses modules that are one file where case does not count", () => {
    const { diagnostics } = resolveSpecs({
      "schemas/a/Audio.feature.json": spec("one", { ids: ["id"] }),
      "schemas/a/audio.feature.json": spec("two", { ids: ["id"] }),
    });
    expect(diagnostics.map(({ code, file }) => [code, file])).toEqual([
      ["module-path-collision", "schemas/a/audio.feature.json"],
    ]);
  });
});

describe("join columns and grain", () => {
  it("of a root are its ids", () => {
    const { joinColumns, grain } = resolved("scene", scene);
    expect([joinColumns, grain]).toEqual([
      ["video", "scene"],
      ["video", "scene"],
    ]);
  });

  it("of one dep are the upstream's ids after rename, and the ids that it brings", () => {
    const child = spec("card", {
      ids: ["shot", "clip", "extra"],
      deps: [{ feature: "scene", rename: { video: "clip", scene: "shot" } }],
    });
    const { joinColumns, grain } = resolved("card", scene, child);
    expect(joinColumns).toEqual(["shot", "clip"]);
    expect(grain).toEqual(["shot", "clip"]);
  });

  it("of several deps are what they share: own ids first, the rest as the first dep has it", () => {
    const wide = { ids: ["c", "a", "b"] };
    const child = spec("child", { ids: ["b"], deps: ["one", "two"] });
    const specs = [spec("one", wide), spec("two", { ids: ["a", "b", "c"], columns: ["more"] }), child];
    expect(resolved("child", ...specs).joinColumns).toEqual(["b", "c", "a"]);
  });

  it("are fewer than the grain where only one dep brings an id", () => {
    const child = spec("card", { ids: ["video", "scene"], deps: ["video", "scene"] });
    const { joinColumns, grain } = resolved("card", video, scene, child);
    expect([joinColumns, grain]).toEqual([["video"], ["video", "scene"]]);
  });

  it("fall back on the own ids where the deps share none", () => {
    const left = spec("left", { ids: ["x"], columns: ["k"] });
    const right = spec("right", { ids: ["y"], columns: ["k"] });
    const child = spec("pair", { ids: ["k"], deps: ["left", "right"] });
    expect(resolved("pair", left, right, child).joinColumns).toEqual(["k"]);
  });

  it("of an aggregation are `on`, by default all own ids", () => {
    const part = spec("part", { ids: ["part"], columns: ["doc", "page"] });
    const lineages = [undefined, ["doc"], ["page", "doc"]].map((on) => {
      const child = spec("sum", {
        ids: ["doc", "page"],
        deps: [{ feature: "part", lineage: aggregation(on) }],
      });
      const { deps, joinColumns, grain } = resolved("sum", part, child);
      return { lineage: deps[0]?.lineage, joinColumns, grain };
    });
    const grain = ["doc", "page"];
    expect(lineages).toEqual([
      { lineage: { type: "aggregation", on: ["doc", "page"] }, joinColumns: ["doc", "page"], grain },
      { lineage: { type: "aggregation", on: ["doc"] }, joinColumns: ["doc"], grain },
      { lineage: { type: "aggregation", on: ["page", "doc"] }, joinColumns: ["doc", "page"], grain },
    ]);
  });

  it("of an expansion are the parent's, whatever the own ids", () => {
    const chunk = spec("chunk", {
      ids: ["chunk"],
      columns: ["v"],
      deps: [{ feature: "video", rename: { video: "v" }, lineage: { type: "expansion", on: ["v"] } }],
    });
    const { joinColumns, grain, deps } = resolved("chunk", video, chunk);
    expect([joinColumns, grain, deps[0]?.lineage]).toEqual([["v"], ["v"], { type: "expansion", on: ["v"] }]);
  });

  it("may be fewer than the parent's ids", () => {
    const doc = spec("doc", { ids: ["site", "doc"] });
    const info = spec("info", { ids: ["doc"], columns: ["lang"] });
    const page = spec("page", {
      ids: ["page"],
      columns: ["site", "doc"],
      deps: [{ feature: "doc", lineage: { type: "expansion", on: ["site", "doc"] } }, "info"],
    });
    const { joinColumns, grain } = resolved("page", doc, info, page);
    expect([joinColumns, grain]).toEqual([["doc"], ["doc"]]);
  });

  it("may come from an optional dep that is the only one", () => {
    const part = spec("part", { ids: ["part"], columns: ["doc", "page"] });
    const dep = { feature: "part", lineage: aggregation(["doc"]), optional: true };
    expect(resolved("sum", part, spec("sum", { ids: ["doc", "page"], deps: [dep] })).grain).toEqual([
      "doc",
      "page",
    ]);
  });

  it("leave out ids that are not selected", () => {
    const part = spec("part", { ids: ["part"], columns: ["doc", "page"] });
    const dep = { feature: "part", lineage: aggregation(["doc"]), select: [] };
    expect(resolved("sum", part, spec("sum", { ids: ["doc", "page"], deps: [dep] })).grain).toEqual(["doc"]);
  });
});

describe("arriving columns", () => {
  const part = spec("part", { ids: ["part", "no"], columns: ["z", "doc", "a"] });
  const dep = { feature: "part", rename: { part: "id", a: "b" }, lineage: aggregation() };

  it.each([
    [undefined, ["id", "no", "z", "doc", "b"]],
    [["z"], ["id", "no", "z", "doc"]],
    [[], ["id", "no", "doc"]],
  ])("of select %j, in the upstream's order", (select, names) => {
    const child = spec("sum", {
      ids: ["doc"],
      deps: [{ ...dep, ...(select === undefined ? {} : { select }) }],
    });
    const { deps } = resolved("sum", part, child);
    expect(deps[0]?.columns.map(({ name }) => name)).toEqual(names);
    expect([...(deps[0]?.names ?? [])].map(([name, source]) => `${source.name} → ${name}`)).toEqual([
      "part → id",
      "no → no",
      "z → z",
      "doc → doc",
      "a → b",
    ]);
  });

  it("swap names", () => {
    const child = spec("child", { ids: ["b", "a"], deps: [{ feature: "ab", rename: { a: "b", b: "a" } }] });
    const { deps } = resolved("child", spec("ab", { ids: ["a", "b"] }), child);
    expect(deps[0]?.columns.map(({ name, source }) => [name, source.name])).toEqual([
      ["b", "a"],
      ["a", "b"],
    ]);
  });
});

describe("what is not said twice", () => {
  it("nothing follows from a dep on a feature that does not parse", () => {
    const child = spec("child", {
      ids: ["id"],
      deps: [{ feature: "broken", select: ["x"] }, "borken"],
      fields: [{ key: "f", deps: [{ feature: "broken", fields: ["g"] }] }],
    });
    const { project, diagnostics } = resolveSpecs(filesByKey([child]), new Set(["broken"]));
    expect(project).toBeUndefined();
    expect(diagnostics.map(({ code, hint }) => [code, hint])).toEqual([
      ["dep-unknown", 'Did you mean "broken"?'],
    ]);
  });

  it("nor from one on a key that is declared twice", () => {
    const { diagnostics } = resolveSpecs({
      "schemas/a.feature.json": spec("a", { ids: ["id"] }),
      "schemas/b.feature.json": spec("a", { ids: ["other"] }),
      "schemas/c.feature.json": spec("c", { ids: ["id"], deps: [{ feature: "a", select: ["x"] }] }),
    });
    expect(diagnostics.map(({ code, file }) => [code, file])).toEqual([
      ["feature-key-duplicate", "schemas/b.feature.json"],
    ]);
  });

  it("nor from one on a feature that does not exist", () => {
    const child = spec("child", {
      ids: ["k"],
      deps: [{ feature: "scene", fieldsMapping: { type: "none" } }, "chidl"],
    });
    const { diagnostics } = resolveSpecs(filesByKey([scene, child]));
    expect(diagnostics.map(({ code, hint }) => [code, hint])).toEqual([
      ["dep-unknown", "Correct the key, or add a spec with it."],
    ]);
  });

  it("nor is a join judged where a dep can't be joined", () => {
    const child = spec("child", {
      ids: ["k"],
      deps: [{ feature: "scene", rename: { vidoe: "k" } }, "video"],
    });
    expect(codesOf([scene, video, child])).toEqual(["rename-unknown-column"]);
  });

  it("nor are its ids missed where no dep has the columns to join on", () => {
    const specs = [spec("left", { ids: ["x"] }), spec("right", { ids: ["y"] })];
    const codes = codesOf([...specs, spec("pair", { ids: ["k"], deps: ["left", "right"] })]);
    expect(codes).toEqual(["join-column-missing", "join-column-missing"]);
  });

  it("nor a missing id where a misspelt select keeps it away", () => {
    const child = spec("sum", { ids: ["length"], deps: [{ feature: "scene", select: ["lenght"] }] });
    expect(codesOf([scene, child])).toEqual(["select-unknown-column"]);
  });
});

it("gives the project beside warnings", () => {
  const label = { type: ["string", "null"] };
  const clip = {
    properties: { id: text, label },
    required: ["id"],
    feature: { key: "clip", idColumns: ["id"] },
  };
  const group = spec("group", { ids: ["label"], deps: [{ feature: "clip", lineage: aggregation() }] });
  const { project, diagnostics } = resolveSpecs(
    filesByKey([{ type: "object", ...clip } as SpecObject, group]),
  );
  expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([
    ["join-column-nullable", "warning"],
  ]);
  expect(project?.features.map(({ key }) => key)).toEqual(["clip", "group"]);
});

describe("the order of features", () => {
  const keysOf = (deps: Readonly<Record<string, readonly string[]>>) =>
    resolveSpecs(
      filesByKey(Object.entries(deps).map(([key, names]) => spec(key, { ids: ["id"], deps: names }))),
    );

  it("is that of the keys, each after what it needs", () => {
    const { project } = keysOf({ c: ["x", "m"], x: [], m: [], "a/b": [], "a-c": ["c"], d: [] });
    expect(project?.features.map(({ key }) => key)).toEqual(["a/b", "m", "x", "c", "a-c", "d"]);
  });

  it("starts a cycle at its smallest key, from wherever it is entered", () => {
    const { diagnostics } = keysOf({ a: ["c"], b: ["d"], c: ["b"], d: ["c"] });
    expect(diagnostics.map(({ file, facts }) => [file, facts])).toEqual([
      ["schemas/b.feature.json", { path: ["b", "d", "c", "b"] }],
    ]);
  });
});

describe("graphs that are hard to walk", () => {
  const chain = (count: number, first: readonly string[]) =>
    Array.from({ length: count }, (_, index) =>
      spec(`f${index}`, { ids: ["id"], deps: index === 0 ? first : [`f${index - 1}`] }),
    );

  it("orders a chain of 10,000 features", () => {
    const { project } = resolveSpecs(filesByKey(chain(10_000, []).reverse()));
    expect(project?.features.map(({ key }) => key)).toEqual(
      chain(10_000, []).map(({ feature }) => feature.key),
    );
  });

  it("prints the whole path of a long cycle, once", () => {
    const { diagnostics } = resolveSpecs(filesByKey(chain(3_000, ["f2999"])));
    expect(diagnostics.map(({ code }) => code)).toEqual(["dep-cycle"]);
    expect(diagnostics[0]?.message).toContain("f0 → f2999 → f2998 → ");
    expect(diagnostics[0]?.message).toContain(" → f2 → f1 → f0.");
  });

  it("maps fields along 2^39 paths", () => {
    const layers = Array.from({ length: 40 }, (_, layer) =>
      ["a", "b"].map((side) =>
        spec(`l${layer}/${side}`, {
          ids: ["id"],
          deps: layer === 0 ? [] : [`l${layer - 1}/a`, `l${layer - 1}/b`],
          fields: ["x", "y"],
        }),
      ),
    ).flat();
    const features = resolvedFeatures(layers);
    expect(features.get("l39/a")?.fields[0]?.parents.map(({ fullName }) => fullName)).toEqual([
      "l38/a.x",
      "l38/b.x",
    ]);
  });
});

it("has a golden case for every rule", () => {
  const golden = new URL("../../golden/diagnostics/", import.meta.url);
  const cases = readdirSync(golden).filter((name) => name.startsWith("project-"));
  const texts = cases
    .map((name) => readFileSync(new URL(`${name}/diagnostics.txt`, golden), "utf8"))
    .join("");
  const coveredCodes = new Set([...texts.matchAll(/ \[([a-z-]+)\]$/gm)].map(([, code]) => code));
  // Files whose names differ only in case can't be checked out everywhere: that rule is tested above.
  const requiredCodes = Object.keys(projectRules).filter((code) => code !== "module-path-collision");
  expect(requiredCodes.filter((code) => !coveredCodes.has(code))).toEqual([]);
});
