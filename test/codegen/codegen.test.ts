import { describe, expect, it } from "vitest";
import { repository, textOf } from "../architecture/source-files.ts";
import { derivedFiles } from "./derived-files.ts";

describe("derived files", () => {
  it.each(Object.entries(derivedFiles))("%s is up to date", async (path, print) => {
    expect(textOf(path) === (await print(textOf, repository)), "run `npm run codegen`").toBe(true);
  });
});
