import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

/**
 * The program of `tsconfig.json` here holds everything generated, golden cases included, under all strict flags, and the
 * `*.types.ts`: claims about the types that users of modules meet. A claim that fails is an error of the compiler, and
 * so is a `@ts-expect-error` above a line that compiles.
 */
const root = fileURLToPath(new URL("../../", import.meta.url));

const compilers = { "5.9": "typescript-5.9", "6.0": "typescript", "7.0": "typescript-7.0" };

describe.each(Object.entries(compilers))("TypeScript %s", (version, name) => {
  test("is what its name says", () => {
    const manifest = readFileSync(`${root}node_modules/${name}/package.json`, "utf8");
    expect(JSON.parse(manifest)).toMatchObject({ version: expect.stringMatching(`^${version}\\.`) });
  });

  test("compiles generated modules, and agrees with the claims about their types", async () => {
    expect(await compile(name)).toBe("");
  });
});

test("the program holds all modules and all claims", async () => {
  const files = new Set((await compile("typescript", "--listFilesOnly")).split(/\r?\n/));
  const requested = ["generated", "test/golden", "test/types"].flatMap((folder) =>
    readdirSync(`${root}${folder}`, { recursive: true, encoding: "utf8" })
      .map((path) => `${folder}/${path}`)
      .filter((path) => /\.ts$/.test(path) && !/\.test\.ts$/.test(path)),
  );
  expect(requested.length).toBeGreaterThan(20);
  expect(requested.filter((path) => !files.has(root + path))).toEqual([]);
});

/** What a compiler prints: nothing where all is well. */
async function compile(compiler: string, ...args: readonly string[]): Promise<string> {
  const command = [`${root}node_modules/${compiler}/bin/tsc`, "-p", "test/types/tsconfig.json", ...args];
  const run = promisify(execFile)(process.execPath, command, { cwd: root, maxBuffer: 2 ** 26 });
  return run.then(
    ({ stdout }) => stdout,
    (failed: { readonly stdout?: string }) => failed.stdout || String(failed),
  );
}
