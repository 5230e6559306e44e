import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { derivedFiles, repository } from "../codegen/derived-files.ts";

it.each(Object.entries(derivedFiles))("%s is what npm run codegen writes", (path, print) => {
  expect(readFileSync(`${repository}${path}`, "utf8") === print()).toBe(true);
});
