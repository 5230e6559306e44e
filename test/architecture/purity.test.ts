import { describe, expect, it } from "vitest";
import { machineFactsIn } from "./machine-facts.ts";
import { sourceFiles, textOf } from "./source-files.ts";

/** What may touch disk, git, clock, environment and process: the ends of the compiler, and the store. */
const impure = /^(generator\/(project|git|cli)|runtime\/(duckdb|engine))\//;

describe("what is no end of the program", () => {
  it("takes texts and gives texts, the same on every machine and at any time", () => {
    const pure = sourceFiles("generator", "runtime").filter((file) => !impure.test(file));
    expect(pure.flatMap((file) => machineFactsIn(file, textOf(file)))).toEqual([]);
  });

  it.each([
    ["const a = process.env;", ["process"]],
    ["const at = Date.now();", ["Date.now"]],
    ["const at = new Date();", ["new Date()"]],
    ["const at = new Date(text);", []],
    ["const a = [b].sort((x, y) => x.localeCompare(y));", ["x.localeCompare"]],
    ["const a = Math.random();", ["Math.random"]],
    ["console.log(a);", ["console"]],
    ["const a = { process: b.process };", []],
  ])("is told from what is: %s", (text, uses) => {
    expect(machineFactsIn("a.ts", text)).toEqual(uses.map((use) => `a.ts:1 uses ${use}`));
  });
});
