import { describe, expect, it } from "vitest";
import { importsOf } from "./imports-of.ts";
import { breachOf, layerOf, layers } from "./layers.ts";
import { sourceFiles, textOf } from "./source-files.ts";

const files = sourceFiles("generated", "generator", "runtime");

describe("the dependency law", () => {
  it("holds for every import of the sources", () => {
    const breaches = files
      .flatMap((file) => importsOf(file, textOf(file)))
      .flatMap((each) => breachOf(each) ?? []);
    expect(breaches).toEqual([]);
  });

  it("names no layer that is gone", () => {
    const inUse = new Set(files.map(layerOf));
    expect(layers.filter((layer) => !inUse.has(layer)).map(({ path }) => path)).toEqual([]);
  });

  it.each([
    ["runtime/store.ts", 'import { a } from "./contract.ts";', undefined],
    ["runtime/store.ts", 'import { a } from "node:fs";', "node:fs"],
    ["runtime/store.ts", 'import type { A } from "../generator/index.ts";', "generator/index.ts"],
    ["runtime/errors.ts", 'import { a } from "./filter/index.ts";', "runtime/filter/index.ts"],
    ["runtime/duckdb/session.ts", 'import type { A } from "@duckdb/node-api";', undefined],
    ["runtime/filter/index.ts", 'import type { A } from "@duckdb/node-api";', "@duckdb/node-api"],
    ["generator/plan/a.ts", 'import { a } from "../resolve/index.ts";', undefined],
    ["generator/resolve/a.ts", 'import { a } from "../plan/index.ts";', "generator/plan/index.ts"],
    ["generator/resolve/a.ts", 'export * from "../plan/index.ts";', "generator/plan/index.ts"],
    ["generator/resolve/a.ts", "const a = await import(`../plan/index.ts`);", "generator/plan/index.ts"],
    ["generator/resolve/a.ts", 'type A = import("../plan/index.ts").A;', "generator/plan/index.ts"],
    ["generator/resolve/a.ts", 'import { readFile } from "node:fs/promises";', "node:fs/promises"],
    ["generator/plan/a.ts", 'import { type A, type B } from "../../runtime/contract.ts";', undefined],
    ["generator/plan/a.ts", 'export type { A } from "../../runtime/contract.ts";', undefined],
    ["generator/plan/a.ts", 'import { type A, b } from "../../runtime/contract.ts";', "runtime/contract.ts"],
    ["generator/plan/a.ts", 'import "../../runtime/contract.ts";', "runtime/contract.ts"],
    ["generator/plan/a.ts", 'import { a } from "../../runtime/duckdb/index.ts";', "runtime/duckdb/index.ts"],
    ["generator/emit/column-types.ts", 'import { a } from "json-schema-to-typescript";', undefined],
    [
      "generator/emit/index.ts",
      'import { a } from "json-schema-to-typescript";',
      "json-schema-to-typescript",
    ],
    ["generator/output/a.ts", 'import { a } from "../compile-project.ts";', "generator/compile-project.ts"],
    ["generator/cli/commands/a.ts", 'import { a } from "../../plan/index.ts";', undefined],
    ["generated/a.ts", 'import type { Feature } from "stemma";', undefined],
    ["generated/a.ts", 'import { Feature } from "stemma";', "stemma"],
    ["generated/index.ts", 'export { A } from "./basic/a.ts";', undefined],
    ["elsewhere/a.ts", 'import { a } from "./b.ts";', "elsewhere/b.ts"],
  ])("judges in %s: %s", (file, text, culprit) => {
    const breaches = importsOf(file, text).map(breachOf);
    expect(breaches).toEqual([culprit && expect.stringContaining(`${file}:1 imports ${culprit}`)]);
  });
});
