import { describe, expect, it } from "vitest";
import { derivedFiles } from "../codegen/derived-files.ts";
import { repository, textOf } from "./source-files.ts";

describe("derived files", () => {
  it.each(Object.entries(derivedFiles))("%s is up to date", async (path, print) => {
    expect(textOf(path) === (await print(textOf, repository)), "run `npm run codegen`").toBe(true);
  });
});
