import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { openWatcher } from "../../../generator/project/watch/file-watcher.ts";
import { type CliResult, childSpec, rootSpec, runInTest } from "../../support/run-in-test.ts";
import { filesIn, putFiles, temporaryFolder } from "../../support/temporary-folder.ts";

const specs = { "schemas/audio.feature.json": rootSpec("audio") };
const bumped = rootSpec("audio", [{ key: "default", codeVersion: "2" }]);

/** A command that watches a folder, and what it printed. */
interface Watching {
  readonly root: string;
  /** Waits until the command has printed something since it was last asked, and gives all of it. */
  printed(expected: string | RegExp): Promise<string>;
  /** Presses Ctrl-C. */
  end(): Promise<CliResult>;
}

async function startWatching(root: string, args: readonly string[] = []): Promise<Watching> {
  let text = "";
  let interrupt: () => void = () => undefined;
  const interrupted = new Promise<void>((done) => {
    interrupt = done;
  });
  const run = runInTest(root, ["generate", "--watch", ...args], {
    openWatcher,
    untilInterrupted: () => interrupted,
    stdout: { write: (added) => (text += added) },
    stderr: { write: (added) => (text += added) },
  });
  onTestFinished(async () => {
    interrupt();
    await run;
  });
  return {
    root,
    printed: async (expected) => {
      await vi.waitFor(() => expect(text).toMatch(expected), { timeout: 20_000 });
      const all = text;
      text = "";
      return all;
    },
    end: () => {
      interrupt();
      return run;
    },
  };
}

const ready = "Watching schemas for changes; Ctrl-C ends it.\n";

it("generates at once, after each change, and ends in peace", async () => {
  const watching = await startWatching(temporaryFolder(specs));
  expect(await watching.printed("Watching")).toBe(
    `First versions: 1 feature, 1 field\ngenerated: 4 files written\n${ready}`,
  );
  putFiles(watching.root, { "schemas/audio.feature.json": bumped });
  expect(await watching.printed("written")).toContain('codeVersion (default) → "2"');
  expect(await watching.end()).toMatchObject({ exitCode: 0 });
});

it("follows folders that come, go and come back, and files that are renamed into place", async () => {
  const watching = await startWatching(temporaryFolder(specs));
  const { root } = watching;
  await watching.printed("Watching");

  putFiles(root, { "schemas/new/deep/text.feature.json": childSpec("text", ["audio"]) });
  expect(await watching.printed("written")).toMatch(/^1 added/);
  rmSync(join(root, "schemas/new"), { recursive: true });
  expect(await watching.printed("removed\n")).toMatch(/^1 removed/);
  putFiles(root, { "schemas/new/deep/text.feature.json": childSpec("text", ["audio"]) });
  expect(await watching.printed("written")).toMatch(/^1 added/);
  putFiles(root, { "schemas/new/deep/more.feature.json": childSpec("more", ["text"]) });
  expect(await watching.printed("written")).toMatch(/^1 added/);

  const deep = { "schemas/new/deep/more.feature.json": childSpec("more", ["audio"]) };
  rmSync(join(root, "schemas/new/deep"), { recursive: true });
  putFiles(root, { ...deep, "schemas/new/deep/text.feature.json": childSpec("text", ["audio"]) });
  expect(await watching.printed("written")).toMatch(/^1 changed directly/);
  putFiles(root, { "schemas/new/deep/last.feature.json": childSpec("last", ["text"]) });
  expect(await watching.printed("written")).toMatch(/^1 added/);

  writeFileSync(join(root, "schemas/.saved"), bumped);
  renameSync(join(root, "schemas/.saved"), join(root, "schemas/audio.feature.json"));
  expect(await watching.printed("written")).toMatch(/^1 changed directly, 3 indirectly/);
});

it("survives what is broken, and goes on when it is mended", async () => {
  const watching = await startWatching(temporaryFolder(specs));
  const { root } = watching;
  await watching.printed("Watching");

  putFiles(root, { "schemas/audio.feature.json": "{" });
  expect(await watching.printed("error")).toContain("This is not JSON");
  rmSync(join(root, "schemas"), { recursive: true });
  expect(await watching.printed("error")).toContain("The folder schemas does not exist");
  putFiles(root, { "schemas/audio.feature.json": bumped });
  expect(await watching.printed("written")).toContain('codeVersion (default) → "2"');
  putFiles(root, { "stemma.config.json": '{ "hashLength": 2 }' });
  expect(await watching.printed("error")).toContain("hashLength");
  putFiles(root, { "stemma.config.json": '{ "hashLength": 12 }' });
  await watching.printed("written");
  expect(JSON.parse(filesIn(root)["generated/versions.json"] ?? "")).toMatchObject({ hashLength: 12 });
});

it("watches what specs refer to, wherever it is, and before it is there", async () => {
  const parent = temporaryFolder({
    "app/schemas/audio.feature.json": rootSpec("audio").replace(
      '"audio_value": {\n      "type": "string"\n    }',
      '"audio_value": { "$ref": "../../shared/types.json#/$defs/value" }',
    ),
  });
  const watching = await startWatching(parent, ["--cwd", "app"]);
  expect(await watching.printed("Watching")).toContain("types.json");

  putFiles(parent, { "shared/types.json": '{ "$defs": { "value": { "type": "number" } } }' });
  await watching.printed("written");
  expect(filesIn(parent)["app/generated/audio.ts"]).toContain("audio_value: number | null");
  putFiles(parent, { "shared/types.json": '{ "$defs": { "value": { "type": "boolean" } } }' });
  await watching.printed("written");
  expect(filesIn(parent)["app/generated/audio.ts"]).toContain("audio_value: boolean | null");
});

it("says nothing where a change changes nothing", async () => {
  const watching = await startWatching(temporaryFolder(specs));
  await watching.printed("Watching");
  putFiles(watching.root, { ...specs, "schemas/README.md": "read", "other.txt": "other" });
  putFiles(watching.root, { "schemas/audio.feature.json": bumped });
  expect(await watching.printed("written")).toMatch(/^1 changed directly/);
});

it("tells what the system refuses", async () => {
  const refused = Object.assign(new Error("refused"), { code: "ENOSPC", syscall: "watch", path: "schemas" });
  const run = await runInTest(temporaryFolder(specs), ["generate", "--watch"], {
    openWatcher: () => Promise.reject(refused),
  });
  expect(run.exitCode).toBe(1);
  expect(run.stderr).toContain("the system watches too many files already");
});

it("does not start where it can't go on", async () => {
  const root = temporaryFolder(specs);
  const both = await runInTest(root, ["generate", "--watch", "--check"]);
  expect([both.exitCode, both.stdout]).toEqual([2, ""]);
  expect(both.stderr).toContain("'--check' cannot be used with option '--watch'");
  expect((await runInTest(root, ["generate", "--watch", "--cwd", "nowhere"])).exitCode).toBe(2);
});
