import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "generator/diff/RULES.md",
  ...readdirSync(join(repository, "docs")).map((name) => `docs/${name}`),
].filter((page) => page.endsWith(".md"));

describe.each(pages)("%s", (page) => {
  const text = readFileSync(join(repository, page), "utf8");

  it("links to files that exist", () => {
    const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, target = ""]) => target);
    const missing = links.filter((target) => !existsSync(join(repository, dirname(page), target)));
    expect(missing).toEqual([]);
  });

  it("names files of this repository that exist", () => {
    const names = [...text.matchAll(/`((?:generator|runtime|test|docs|schemas)\/[\w./-]+)`/g)];
    const paths = names.map(([, path = ""]) => path);
    const isOfExample = (path: string) => /^schemas\/(?!feature|config|diff)/.test(path);
    expect(paths.filter((path) => !isOfExample(path) && !existsSync(join(repository, path)))).toEqual([]);
  });
});
