import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { readmeBlocks } from "./readme-blocks.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const readme = readFileSync(join(root, "README.md"), "utf8");
const source = ["--import", import.meta.resolve("tsx"), "--conditions=stemma-source"];

describe("the README", () => {
  it("prints what its commands print, on the files that it names", async () => {
    const project = await mkdtemp(join(tmpdir(), "stemma-readme-"));
    await mkdir(join(project, "node_modules"));
    await symlink(root, join(project, "node_modules/stemma"));
    await writeFile(join(project, "package.json"), '{ "name": "readme", "type": "module" }');
    for (const block of readmeBlocks(readme)) {
      if (block.kind === "file") await write(join(project, block.path), block.text);
      if (block.kind === "edit") await change(join(project, block.path), block.from, block.to);
      if (block.kind === "command" && block.command.startsWith("npx")) {
        expect(`$ ${block.command}\n${await run(project, block.command)}`).toBe(
          `$ ${block.command}\n${block.output}`,
        );
      }
    }
  });

  it("shows lines that the demo prints", async () => {
    const excerpt = /```text demo\n([\s\S]*?)```/.exec(readme)?.[1]?.trimEnd().split("\n") ?? [];
    const { stdout } = await promisify(execFile)(process.execPath, [...source, "test/pipelines/run.ts"], {
      cwd: root,
    });
    const printed = stdout.split("\n");
    expect(excerpt.length).toBeGreaterThan(3);
    let from = 0;
    for (const line of excerpt) {
      const at = printed.findIndex((candidate, index) => index >= from && candidate.startsWith(line));
      expect([line, at >= 0]).toEqual([line, true]);
      from = at + 1;
    }
  });

  it("has the two command lines that package.json knows", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object };
    const commands = readmeBlocks(readme).flatMap((block) =>
      block.kind === "command" ? [block.command] : [],
    );
    expect(commands.slice(0, 2)).toEqual(["npm ci && npm run demo", "npm ci && npm test"]);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(["demo", "test"]));
  });

  it("maps every folder of the code, and nothing that is not there", () => {
    const mapped = [...readme.matchAll(/^\| \[`([^`]+)`\]\(([^)]+)\) \|/gm)].map(([, name = ""]) => name);
    expect(mapped.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const folders = ["generator", "runtime"].flatMap((folder) =>
      readdirSync(join(root, folder), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => `${folder}/${entry.name}/`),
    );
    expect(mapped).toEqual(expect.arrayContaining(folders));
  });

  it("links to files that are there", () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path = ""]) => path);
    expect(links.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

async function change(path: string, from: string, to: string): Promise<void> {
  const text = await readFile(path, "utf8");
  expect(text).toContain(from);
  await writeFile(path, text.replace(from, to));
}

/** Runs `npx stemma …` or `npx tsx …` on the sources of this repository. Gives stdout, without trailing space. */
async function run(project: string, command: string): Promise<string> {
  const [, program = "", ...args] = command.split(" ");
  const script = program === "stemma" ? [join(root, "generator/cli/main.ts"), ...args] : args;
  const outcome = await promisify(execFile)(process.execPath, [...source, ...script], {
    cwd: project,
    env: { ...process.env, NO_COLOR: "1" },
  }).catch((error: { stdout: string; stderr: string; code: number }) => {
    if (error.code !== 1) throw error;
    return error;
  });
  return outcome.stdout
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .trimEnd();
}
