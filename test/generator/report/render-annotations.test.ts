import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { renderAnnotations } from "../../../generator/report/index.ts";
import { diffOfCase } from "../../support/golden-diff-case.ts";

const folder = fileURLToPath(new URL("../../golden/diff/", import.meta.url));

describe("the diff as annotations of GitHub", () => {
  it("begins with the totals, since only the first of a level are shown", () => {
    const [first = "", ...others] = renderAnnotations(diffOfCase(`${folder}expansion-audio-bumped/`)).split(
      "\n",
    );
    expect(first).toMatch(/^::notice title=Versions::1 changed directly, /);
    expect(others.join("\n")).toMatch(/^::notice file=.*title=code-version::/);
  });
});
