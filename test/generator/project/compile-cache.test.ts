import { chmodSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type CompileOptions,
  type CompileResult,
  compileProject,
} from "../../../generator/compile-project.ts";
import {
  compileKey,
  compileWithCache,
  loadCompile,
} from "../../../generator/project/cache/compile-with-cache.ts";
import { DiskCache } from "../../../generator/project/cache/disk-cache.ts";
import { defaultConfig } from "../../../generator/project/settings/index.ts";
import type { Sources } from "../../../generator/source/source-file.ts";
import { editedProject } from "../../support/arbitrary-edits.ts";
import { isSound, type ProjectSketch, specsOf } from "../../support/project-sketch.ts";
import { childSpec, rootSpec } from "../../support/run-in-test.ts";
import { filesIn, temporaryFolder } from "../../support/temporary-folder.ts";

const place = "node_modules/.cache/stemma/compile.cache";
const tool = "this version";

/** A state of a project, and what happens to the cache before it is compiled. */
interface Step {
  readonly sources: Sources;
  readonly options: CompileOptions;
  readonly spoil: (file: string) => void;
}

/** What some specs refer to: well, with something odd in it, broken, or not there. */
const sharedFile = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('{ "type": "string" }', '{ "type": "number", "description": "Shared." }'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '{ "type": "boolean" }',
      '{ "$ref": "deeper.json" }',
      '{ "type": "string", "type": "number" }',
      "{",
      undefined,
    ),
  },
);

const options: fc.Arbitrary<CompileOptions> = fc
  .record({
    hashLength: fc.constantFrom(64, 64, 12),
    importExtension: fc.constantFrom(".js" as const, ".js" as const, ".ts" as const),
    project: fc.constantFrom("a", "a", "b"),
  })
  .map((some) => ({ ...defaultConfig, ...some }));

const spoil: fc.Arbitrary<Step["spoil"]> = fc.oneof(
  { weight: 6, arbitrary: fc.constant(() => undefined) },
  fc.nat().map((at) => (file: string) => {
    const bytes = readFileSync(file);
    const place = at % bytes.length;
    bytes[place] = (bytes[place] ?? 0) ^ 1;
    writeFileSync(file, bytes);
  }),
  fc.nat().map((at) => (file: string) => truncateSync(file, at % statSync(file).size)),
  fc.constantFrom("", "\n", "{}\n", "null").map((text) => (file: string) => writeFileSync(file, text)),
);

/** A few states and settings, so that a history comes back to some of them. */
const steps: fc.Arbitrary<readonly Step[]> = fc
  .tuple(
    editedProject.filter(({ before, after }) => isSound(before) && isSound(after)),
    fc.array(fc.tuple(sharedFile, sharedFile, fc.boolean()), { minLength: 2, maxLength: 3 }),
    fc.tuple(options, options),
    fc.array(fc.record({ edited: fc.boolean(), extraFiles: fc.nat(1), settings: fc.nat(1), spoil }), {
      minLength: 4,
      maxLength: 7,
    }),
  )
  .map(([{ before, after }, neighbourCount, settings, recipes]) =>
    recipes.map((recipe) => {
      const [shared, deeper, warns] = neighbourCount[recipe.extraFiles % neighbourCount.length] ?? [
        undefined,
        undefined,
        false,
      ];
      return {
        sources: sourcesOf(recipe.edited ? after : before, shared, deeper, warns),
        options: settings[recipe.settings] ?? defaultConfig,
        spoil: recipe.spoil,
      };
    }),
  );

function sourcesOf(
  project: ProjectSketch,
  shared: string | undefined,
  deeper: string | undefined,
  warns: boolean,
): Sources {
  const specs = specsOf(project).map((spec, index) => {
    // Written with an escape, as nobody would.
    const column = `"shared": { "\\u0024ref": "shared.json" }`;
    const odd = `"odd": { "type": ["string", "null"], "enum": ["a"] }`;
    const added = [...(index === 1 ? [column] : []), ...(warns && index === 0 ? [odd] : [])];
    const text = JSON.stringify(spec, null, 2);
    return [
      `schemas/${index}.feature.json`,
      added.reduce((before, more) => before.replace('"properties": {', `"properties": {${more},`), text),
    ];
  });
  return {
    ...Object.fromEntries(specs),
    ...(shared === undefined ? {} : { "schemas/shared.json": shared }),
    ...(deeper === undefined ? {} : { "schemas/deeper.json": deeper }),
  };
}

/** As `generate` does. */
async function compileAndSave(
  sources: Sources,
  options: CompileOptions,
  cache: DiskCache | undefined,
): Promise<CompileResult> {
  const { result, save } = await compileWithCache(sources, options, cache);
  if (result.manifest !== undefined) save();
  return result;
}

/** All of an outcome that anybody can see, as text. */
function outputOf({ files, manifest, diagnostics }: CompileResult): string {
  return JSON.stringify({ files, manifest, diagnostics }, undefined, 1);
}

describe("the cache of compiles", () => {
  it("never changes an outcome, whatever is edited, and whatever happens to its file", async () => {
    const happened = { recalled: 0, compiled: 0, failed: 0 };
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        const root = temporaryFolder({ "node_modules/.keep": "" });
        // As one that watches keeps it.
        const kept = DiskCache.open(temporaryFolder({ "node_modules/.keep": "" }), tool);
        for (const { sources, options, spoil } of history) {
          if (statSync(join(root, place), { throwIfNoEntry: false })?.size) spoil(join(root, place));
          const cold = await compileProject(sources, options);
          const opened = DiskCache.open(root, tool);
          const isKnown =
            opened !== undefined && loadCompile(compileKey(sources, options), opened) !== undefined;
          happened[isKnown ? "recalled" : cold.manifest === undefined ? "failed" : "compiled"] += 1;
          const cached = await compileAndSave(sources, options, DiskCache.open(root, tool));
          expect(outputOf(cached)).toBe(outputOf(cold));
          expect(outputOf(await compileAndSave(sources, options, kept))).toBe(outputOf(cold));
        }
      }),
      { numRuns: 60 },
    );
    expect(Object.entries(happened).filter(([, times]) => times < 5)).toEqual([]);
  });

  const sources = {
    "schemas/a.feature.json": rootSpec("a"),
    "schemas/b.feature.json": childSpec("b", ["a"]),
  };
  const compileIn = (root: string, texts: Sources = sources, by = tool): Promise<CompileResult> =>
    compileAndSave(texts, defaultConfig, DiskCache.open(root, by));
  const isKnownIn = (root: string, texts: Sources = sources, by = tool): boolean => {
    const cache = DiskCache.open(root, by);
    return cache !== undefined && loadCompile(compileKey(texts, defaultConfig), cache) !== undefined;
  };

  it("is made only where there is a node_modules", async () => {
    const root = temporaryFolder();
    await compileIn(root);
    expect(filesIn(root)).toEqual({});
    const installed = temporaryFolder({ "node_modules/.keep": "" });
    await compileIn(installed);
    expect(Object.keys(filesIn(installed)).sort()).toEqual([place, "node_modules/.keep"]);
    expect(isKnownIn(installed)).toBe(true);
  });

  it("holds nothing for another version of the tool", async () => {
    const root = temporaryFolder({ "node_modules/.keep": "" });
    await compileIn(root);
    expect(isKnownIn(root, sources, "another version")).toBe(false);
  });

  it("lets programs run at once", async () => {
    const root = temporaryFolder({ "node_modules/.keep": "" });
    const states = ["1", "2", "3", "4"].map((codeVersion) => ({
      "schemas/a.feature.json": rootSpec("a", [{ key: "default", codeVersion }]),
    }));
    await Promise.all(states.map((state) => compileIn(root, state)));
    expect(states.filter((state) => isKnownIn(root, state))).toHaveLength(1);
    expect(readdirSync(join(root, "node_modules/.cache/stemma"))).toEqual(["compile.cache"]);
  });

  it("does not grow with the number of edits", async () => {
    const root = temporaryFolder({ "node_modules/.keep": "" });
    const sizes: number[] = [];
    for (let edit = 0; edit < 12; edit += 1) {
      const field = { key: "f", codeVersion: String(edit).repeat(500_000) };
      await compileIn(root, { "schemas/a.feature.json": rootSpec("a", [field]) });
      sizes.push(statSync(join(root, place)).size);
    }
    expect(Math.max(...sizes)).toBeLessThan(4 * (sizes[0] ?? 0));
  });

  it("still has a state that was left for a while", async () => {
    const root = temporaryFolder({ "node_modules/.keep": "" });
    await compileIn(root);
    await compileIn(root, { ...sources, "schemas/a.feature.json": rootSpec("a", ["other"]) });
    expect(isKnownIn(root)).toBe(true);
  });

  it.runIf(process.getuid?.() !== 0 && process.platform !== "win32")(
    "does without a disk that can't be written to",
    async () => {
      const root = temporaryFolder({ "node_modules/.keep": "" });
      chmodSync(join(root, "node_modules"), 0o555);
      expect((await compileIn(root)).diagnostics).toEqual([]);
      chmodSync(join(root, "node_modules"), 0o755);
      expect(isKnownIn(root)).toBe(false);
    },
  );

  it("does without a folder that is a file", async () => {
    const root = temporaryFolder({ "node_modules/.cache": "somebody's" });
    expect((await compileIn(root)).diagnostics).toEqual([]);
    expect(filesIn(root)).toEqual({ "node_modules/.cache": "somebody's" });
  });
});
