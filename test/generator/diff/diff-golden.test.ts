import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { rules } from "../../../generator/diff/index.ts";
import { renderText } from "../../../generator/report/index.ts";
import { describeDiff } from "../../support/describe-diff.ts";
import { diffOfCase } from "../../support/golden-diff-case.ts";

const folder = fileURLToPath(new URL("../../golden/diff/", import.meta.url));
const cases = readdirSync(folder).sort();

describe("the diff of two states of a project", () => {
  it.each(cases)("%s", async (name) => {
    const text = describeDiff(diffOfCase(`${folder}${name}/`));
    await expect(text).toMatchFileSnapshot(`${folder}${name}/expected.txt`);
  });

  it.each(cases)("%s, in a terminal", async (name) => {
    const text = renderText(diffOfCase(`${folder}${name}/`), {
      base: "against main",
      color: false,
      columns: 100,
    });
    await expect(text).toMatchFileSnapshot(`${folder}${name}/expected.terminal.txt`);
  });

  it("has a case for every rule", () => {
    const reportedRules = cases.flatMap((name) => {
      const { causes, features } = diffOfCase(`${folder}${name}/`);
      return [...causes, ...features.flatMap(({ changes }) => changes)].map(({ rule }) => rule);
    });
    expect(new Set(reportedRules)).toEqual(new Set(Object.keys(rules)));
  });
});
