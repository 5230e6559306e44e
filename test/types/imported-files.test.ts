import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

const repository = fileURLToPath(new URL("../../", import.meta.url));

test("a program that imports one feature checks no other, however many there are", () => {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(`${repository}tsconfig.json`, ts.sys.readFile).config,
    ts.sys,
    repository,
  );
  const program = ts.createProgram([`${repository}generated/aggregation/speaker-embedding.ts`], options);
  const files = program.getSourceFiles().map(({ fileName }) => relative(repository, fileName).split(sep));

  expect(files.filter(([folder]) => folder === "generated").map((path) => path.join("/"))).toEqual([
    "generated/aggregation/speaker-embedding.ts",
  ]);
  expect(files.filter(([folder]) => folder === "generator")).toEqual([]);
  expect(files.some((path) => path.join("/") === "runtime/feature.ts")).toBe(true);
});
