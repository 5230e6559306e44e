import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseSpecs } from "../../../generator/parse/index.ts";
import { readSources } from "../../../generator/source/index.ts";

const vectors = new URL("../../vectors/", import.meta.url);

function* specsIn(value: unknown): Iterable<object> {
  if (typeof value !== "object" || value === null) return;
  if ("feature" in value && "properties" in value) yield value;
  else for (const child of Object.values(value)) yield* specsIn(child);
}

const files = ["definitions", "increments"].flatMap((folder) =>
  readdirSync(new URL(folder, vectors)).map((file) => `${folder}/${file}`),
);

describe("recorded specs", () => {
  test.each([...files, "pipelines.json"])("%s parses", (file) => {
    const specs = [...specsIn(JSON.parse(readFileSync(new URL(file, vectors), "utf8")))];
    const sources = specs.map((spec, index) => [
      `schemas/${index}.feature.json`,
      JSON.stringify(spec, null, 2),
    ]);
    const { documents, unreadable, diagnostics } = readSources(Object.fromEntries(sources));
    const parsed = parseSpecs({ documents, unreadable, diagnostics });
    expect([...diagnostics, ...parsed.diagnostics]).toEqual([]);
    expect(parsed.specs).toHaveLength(specs.length);
    expect(specs.length).toBeGreaterThan(0);
  });
});
