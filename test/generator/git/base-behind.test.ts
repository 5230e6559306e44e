import { describe, expect, it } from "vitest";
import { commitFiles, git, gitEnv, gitRepository } from "../../support/git-project.ts";
import { type CliResult, childSpec, rootSpec, runInTest } from "../../support/run-in-test.ts";
import { putFiles } from "../../support/temporary-folder.ts";

const spec = (key: string, codeVersion: string, upstream?: string) => ({
  [`schemas/${key}.feature.json`]: upstream
    ? childSpec(key, [upstream])
    : rootSpec(key, [{ key: "default", codeVersion }]),
});

function stemma(root: string, ...args: readonly string[]): Promise<CliResult> {
  return runInTest(root, args, { env: gitEnv });
}

async function commitGenerated(root: string, files: Readonly<Record<string, string>>): Promise<string> {
  putFiles(root, files);
  await stemma(root, "generate");
  return commitFiles(root);
}

describe("a base whose manifest is behind its specs", () => {
  /** On `main`, video was bumped and not generated; the branch edits crop. */
  async function behindProject(): Promise<string> {
    const root = gitRepository();
    await commitGenerated(root, { ...spec("video", "1"), ...spec("crop", "1") });
    commitFiles(root, spec("video", "2"));
    git(root, "checkout", "--quiet", "-b", "work");
    putFiles(root, spec("crop", "2"));
    return root;
  }

  it.each([["diff"], ["diff", "--against", "HEAD"], ["generate"]])(
    "is compiled from its specs, and said to be: %s %s",
    async (...args) => {
      const root = await behindProject();
      const { exitCode, stdout, stderr } = await stemma(root, ...args);
      expect([exitCode, stderr]).toEqual([
        0,
        expect.stringMatching(
          /generated\/versions\.json at (HEAD|[0-9a-f]{7}) is outdated: compared with what its specs compile to\./,
        ),
      ]);
      expect(stdout).toContain("~ crop");
      expect(stdout).not.toContain("~ video");
    },
  );

  it("stays as it is recorded where its specs have errors", async () => {
    const root = gitRepository();
    await commitGenerated(root, spec("video", "1"));
    commitFiles(root, { "schemas/broken.feature.json": "{" });
    git(root, "checkout", "--quiet", "-b", "work");
    git(root, "rm", "--quiet", "schemas/broken.feature.json");
    putFiles(root, spec("video", "2"));
    const { stdout, stderr } = await stemma(root, "diff");
    expect(stderr).toBe("");
    expect(stdout).toContain('codeVersion "1" → "2"');
  });

  it("is compiled with its own folders and what its specs refer to", async () => {
    const root = gitRepository();
    const shared = (type: string) => ({ "lib/types.json": `{ "value": { "type": "${type}" } }` });
    const referring = JSON.parse(rootSpec("video"));
    referring.properties.video_value = { $ref: "../lib/types.json#/value" };
    const files = { "stemma.config.json": '{ "schemas": "specs" }' };
    await commitGenerated(root, {
      ...files,
      ...shared("string"),
      "specs/video.feature.json": JSON.stringify(referring),
    });
    commitFiles(root, shared("integer"));
    git(root, "checkout", "--quiet", "-b", "work");
    putFiles(root, { "specs/crop.feature.json": rootSpec("crop") });
    const { stdout, stderr } = await stemma(root, "diff");
    expect(stderr).toContain("is outdated");
    expect(stdout).toMatch(/^\+ crop/m);
    expect(stdout).not.toContain("video");
  });

  it("tells at which place a column stood, so that a rename is recognised", async () => {
    const root = gitRepository();
    const video = JSON.parse(rootSpec("video"));
    const withColumn = (name: string, other: string) => ({
      ...video,
      properties: { sample_id: { type: "string" }, [name]: { type: "number" }, [other]: { type: "string" } },
    });
    await commitGenerated(root, {
      "schemas/video.feature.json": JSON.stringify(withColumn("length", "lang")),
    });
    git(root, "checkout", "--quiet", "-b", "work");
    putFiles(root, { "schemas/video.feature.json": JSON.stringify(withColumn("seconds", "lang")) });
    const { stdout } = await stemma(root, "diff");
    expect(stdout).toContain("The column length seems to be renamed to seconds");
    putFiles(root, {
      "schemas/video.feature.json": JSON.stringify({
        ...video,
        properties: {
          sample_id: { type: "string" },
          more: { type: "string" },
          lang: { type: "string" },
          seconds: { type: "number" },
        },
      }),
    });
    expect((await stemma(root, "diff")).stdout).toContain("The column length was removed.");
  });
});

describe("a version that is back", () => {
  it("is none that a colleague's branch brought, which was merged", async () => {
    const root = gitRepository();
    await commitGenerated(root, { ...spec("audio", "1"), ...spec("video", "1") });
    git(root, "checkout", "--quiet", "-b", "theirs");
    await commitGenerated(root, spec("audio", "2"));
    git(root, "checkout", "--quiet", "-b", "mine", "main");
    await commitGenerated(root, spec("video", "2"));
    git(root, "merge", "--quiet", "--no-commit", "-X", "ours", "theirs");
    await commitGenerated(root, spec("audio", "2"));
    const { stdout } = await stemma(root, "diff", "--against", "main");
    expect(stdout).toContain('codeVersion "1" → "2"');
    expect(stdout).not.toContain("return to the version of");
    const { features } = JSON.parse(
      (await stemma(root, "diff", "--against", "main", "--format", "json")).stdout,
    );
    expect(features.map(({ recompute }: { recompute: string }) => recompute)).toEqual(["all", "all"]);
  });

  it("is told where ids, lineage, filters and required columns are those of then, above it too", async () => {
    const root = gitRepository();
    const audio = JSON.parse(rootSpec("audio"));
    const rows = (feature: object, required: readonly string[] = []) => ({
      "schemas/audio.feature.json": JSON.stringify({
        ...audio,
        required: ["sample_id", ...required],
        feature: { ...audio.feature, ...feature },
      }),
    });
    const code = (codeVersion: string) => ({ fields: [{ key: "default", codeVersion }] });
    const first = await commitGenerated(root, { ...rows(code("1")), ...spec("text", "1", "audio") });
    await commitGenerated(root, rows(code("2")));
    git(root, "checkout", "--quiet", "-b", "work");

    putFiles(root, rows(code("1")));
    expect((await stemma(root, "diff")).stdout).toContain(
      `audio and text return to the version of ${first}: rows stored then count again.`,
    );
    putFiles(root, rows(code("1"), ["audio_value"]));
    expect((await stemma(root, "diff")).stdout).not.toContain("return to the version of");
    putFiles(root, rows({ ...code("1"), idColumns: ["sample_id", "audio_value"] }, ["audio_value"]));
    expect((await stemma(root, "diff")).stdout).not.toContain("return to the version of");
  });
});
