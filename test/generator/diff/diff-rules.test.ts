import { describe, expect, it } from "vitest";
import { rules } from "../../../generator/diff/index.ts";
import { renderRules } from "../../../generator/report/markdown/render-rules.ts";

describe("the rules of the diff", () => {
  it("all stand on the page, each with a section to which the overview leads", () => {
    const page = renderRules();
    for (const id of Object.keys(rules)) {
      expect(page).toContain(`[\`${id}\`](#${id})`);
      expect(page).toContain(`\n### ${id}\n`);
    }
  });

  it("says what a dep renames, and what no longer", () => {
    const message = (from: string, to: string) =>
      rules.rename.message({ feature: "a", subject: "clip", from, to });
    expect(message("nothing", "path to p")).toBe("The dep on clip renames path to p.");
    expect(message("path to p", "nothing")).toBe("The dep on clip no longer renames path to p.");
    expect(message("path to p", "path to q")).toBe("The dep on clip renames path to q instead of path to p.");
  });

  it.each(Object.entries(rules))("%s is judged as the page says", (id, rule) => {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    if (rule.types === "breaking") expect(rule.severity).toBe("error");
    if (rule.affectsDownstream) expect(rule.recompute).not.toBe("none");
    expect(rule.title).toMatch(/^[A-Z].*\.$/);
    expect(rule.explanation).toMatch(/\.$/);
    const names = Array.from({ length: 2000 }, (_, n) => `a/b.f${n}`).join(", ");
    const facts = { feature: "a/b", subject: "x", upstream: "u", detail: "d", from: "1", to: "2" };
    expect(rule.message(facts)).toMatch(/^[A-Z].*\.$/);
    expect(rule.message({ feature: "a/b", subject: "x".repeat(5), from: names, to: "" }).length).toBeLessThan(
      400,
    );
  });
});
