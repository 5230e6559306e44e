import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { CliIo } from "../../../generator/cli/console.ts";
import { workflow } from "../../../generator/scaffold/index.ts";
import { commitFiles, git, gitEnv, gitRepository } from "../../support/git-project.ts";
import { childSpec, rootSpec, runInTest } from "../../support/run-in-test.ts";
import { putFiles, temporaryFolder } from "../../support/temporary-folder.ts";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const folder = "packages/my features";
const own = parse(workflow({ command: "npm run --silent stemma --", folder: "" }));
const inFolder = parse(workflow({ command: "stemma", folder }));

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly if?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

describe("the workflow", () => {
  it("is the one that this repository has", async () => {
    const text = workflow({ command: "npm run --silent stemma --", folder: "" });
    await expect(text).toMatchFileSnapshot(`${repository}.github/workflows/stemma.yml`);
  });

  it("may read, and comment, and nothing else", () => {
    expect(own.permissions).toEqual({ contents: "read", "pull-requests": "write" });
    expect(own.on).toBe("pull_request");
    const { steps } = own.jobs.versions as { readonly steps: readonly Step[] };
    expect(steps.flatMap(({ uses }) => uses ?? [])).toEqual(["actions/checkout@v4", "actions/setup-node@v4"]);
  });

  it("puts nothing of a pull request into a script", () => {
    for (const { run = "" } of own.jobs.versions.steps as readonly Step[]) expect(run).not.toContain("${{");
  });

  it("works in the folder of the project", () => {
    expect(own.defaults.run["working-directory"]).toBeUndefined();
    expect(inFolder.defaults.run["working-directory"]).toBe(folder);
    expect(own.concurrency.group).toMatch(/^stemma-\$\{\{ github\.ref \}\}$/);
    expect(inFolder.concurrency.group).toMatch(/^stemma-packages-my-features-\$/);
  });
});

describe("a run of the workflow", () => {
  it("tells a diff once, writes it anew after that, and holds back what is not acknowledged", async () => {
    const run = await pullRequest({
      "schemas/audio.feature.json": rootSpec("audio", [{ key: "default", codeVersion: "2" }]),
    });
    expect(run.step("Check the specs")).toMatchObject({ exitCode: 0 });
    expect(run.step("Report version changes").stdout).toContain(
      `::notice file=${folder}/schemas/audio.feature.json,line=22,`,
    );
    expect(run.summary()).toContain("1 changed directly, 1 indirectly");

    expect(run.step("Comment on the pull request")).toMatchObject({ exitCode: 0, stdout: "" });
    const body = `<!-- stemma-packages-my-features -->\n${run.summary()}`;
    const comments = "repos/acme/videos/issues/7/comments";
    expect(run.written()).toEqual([{ method: "POST", path: comments, body }]);
    expect(run.step("Comment on the pull request", { FOUND: "31\n32\n" })).toMatchObject({
      exitCode: 0,
      stdout: "",
    });
    expect(run.written()).toEqual([{ method: "PATCH", path: "repos/acme/videos/issues/comments/31", body }]);

    const stale = run.step("Check the generated files");
    expect([stale.exitCode, stale.stdout]).toEqual([
      1,
      expect.stringContaining("outdated   generated/audio.ts\n"),
    ]);
    const gate = run.step("Fail on unacknowledged changes");
    expect([gate.exitCode, gate.stderr]).toEqual([1, expect.stringContaining("[code-version]")]);
  });

  it("writes no first comment where no version moves", async () => {
    const run = await pullRequest({ "notes.md": "Nothing of ours.\n" });
    expect(run.step("Report version changes")).toMatchObject({ exitCode: 0 });
    expect(run.step("Comment on the pull request")).toMatchObject({ exitCode: 0, stdout: "" });
    expect(run.written()).toEqual([]);
    expect(run.step("Comment on the pull request", { FOUND: "31" })).toMatchObject({ exitCode: 0 });
    expect(run.written()).toMatchObject([
      { method: "PATCH", body: expect.stringContaining("No version changed") },
    ]);
  });

  it.each(["list", "write"])("goes on where the token may not %s", (what) => {
    const run = commenting();
    const { exitCode, stdout } = run.step("Comment on the pull request", { REFUSED: what });
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringMatching(/^::notice::No comment was written: .+\n$/),
    ]);
    expect(run.written()).toEqual([]);
  });
});

const hasJq = spawnSync("jq", ["--version"]).status === 0;

it.skipIf(!hasJq)(
  `knows its comment by who wrote it and by its mark${hasJq ? "" : " (skipped: there is no jq)"}`,
  () => {
    const run = commenting();
    run.step("Comment on the pull request");
    const bot = { login: "github-actions[bot]" };
    const mark = "<!-- stemma-packages-my-features -->\n";
    const comments = [
      { id: 1, user: { login: "somebody" }, body: `${mark}quoted` },
      { id: 2, user: bot, body: `> ${mark}` },
      { id: 3, user: bot, body: "<!-- stemma -->\n" },
      { id: 4, user: bot, body: `${mark}## Version diff` },
    ];
    const { stdout } = spawnSync("jq", [run.filter()], { input: JSON.stringify(comments), encoding: "utf8" });
    expect(stdout).toBe("4\n");
  },
);

/** What a step did. */
interface StepRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A checkout of a pull request on `main`, whose branch changes files of the project, and the steps that run on it. */
async function pullRequest(changes: Readonly<Record<string, string>>) {
  const upstream = gitRepository();
  putFiles(join(upstream, folder), {
    "schemas/audio.feature.json": rootSpec("audio"),
    "schemas/text.feature.json": childSpec("text", ["audio"]),
    "stemma.config.json": '{ "diff": { "failOn": ["code-version"] } }',
  });
  await runInTest(join(upstream, folder), ["generate"], { env: gitEnv });
  commitFiles(upstream);
  const workspace = temporaryFolder();
  git(workspace, "clone", "--quiet", upstream, "checkout");
  git(join(workspace, "checkout"), "checkout", "--quiet", "--detach");
  putFiles(join(workspace, "checkout", folder), changes);
  commitFiles(join(workspace, "checkout"));
  const github = { GITHUB_BASE_REF: "main", GITHUB_WORKSPACE: join(workspace, "checkout") };
  putFiles(
    join(workspace, "bin"),
    await stepOutputs(join(workspace, "checkout", folder), { ...gitEnv, ...github }),
  );
  return runner(workspace);
}

/** The step that comments, alone, where a version moved. */
function commenting() {
  const workspace = temporaryFolder({ output: "changed=true\n", "temp/diff.md": "## Version diff\n" });
  mkdirSync(join(workspace, "checkout", folder), { recursive: true });
  return runner(workspace);
}

/** Runs steps of the workflow in a folder, as a runner of GitHub does. */
function runner(workspace: string) {
  const at = (name: string) => join(workspace, name);
  const bin = at("bin");
  putFiles(bin, { gh: fakeGh, stemma: preparedStemma });
  for (const name of ["gh", "stemma"]) chmodSync(join(bin, name), 0o755);
  mkdirSync(at("temp"), { recursive: true });
  const env = {
    ...gitEnv,
    PATH: `${bin}${delimiter}${process.env["PATH"]}`,
    GH_LOG: at("gh.log"),
    GITHUB_OUTPUT: at("output"),
    GITHUB_REPOSITORY: "acme/videos",
    GITHUB_STEP_SUMMARY: at("summary.md"),
    GITHUB_WORKSPACE: at("checkout"),
    RUNNER_TEMP: at("temp"),
  };
  const logged = () => (existsSync(at("gh.log")) ? readFileSync(at("gh.log"), "utf8").split("\0") : []);
  let readCount = 0;
  return {
    summary: () => readFileSync(at("summary.md"), "utf8"),
    /** The filter by which the last list of comments was asked for. */
    filter: () => logged().find((text) => text.startsWith(".[]")) ?? "",
    /** What was written since the last call. */
    written() {
      const all = logged().flatMap((text) => (text.startsWith("{") ? [JSON.parse(text)] : []));
      const fresh = all.slice(readCount);
      readCount = all.length;
      return fresh;
    },
    step(name: string, more: Readonly<Record<string, string>> = {}): StepRun {
      const steps: readonly Step[] = inFolder.jobs.versions.steps;
      const step = steps.find((each) => each.name === name);
      const values = Object.entries(step?.env ?? {}).map(([key, text]) => [
        key,
        evaluate(text, env.GITHUB_OUTPUT),
      ]);
      const shell = ["--noprofile", "--norc", "-eo", "pipefail", "-c", step?.run ?? "exit 99"];
      const { status, stdout, stderr } = spawnSync("bash", shell, {
        cwd: join(env.GITHUB_WORKSPACE, inFolder.defaults.run["working-directory"]),
        env: { ...env, ...Object.fromEntries(values), ...more },
        encoding: "utf8",
      });
      return { exitCode: status, stdout, stderr };
    },
  };
}

/** The value of an expression of GitHub, of those that the workflow has. */
function evaluate(text: string, output: string): string {
  const expression = /^\$\{\{ (.*) \}\}$/.exec(text)?.[1] ?? "";
  if (expression === "github.token") return "a token";
  if (expression === "github.event.pull_request.number") return "7";
  const name = expression.replace("steps.diff.outputs.", "");
  const line = readFileSync(output, "utf8")
    .split("\n")
    .find((each) => each.startsWith(`${name}=`));
  if (line === undefined) throw new Error(`Nothing is known of ${text}`);
  return line.slice(`${name}=`.length);
}

/** Stands in for the command line of GitHub: keeps what it is asked for, and answers as the environment says. */
const fakeGh = `#!/usr/bin/env bash
[ "$1" = api ] && [ "$GH_TOKEN" = "a token" ] || exit 2
if [ "$2" = --paginate ]; then
  printf '%s\\0' "$5" >> "$GH_LOG"
  [ "$REFUSED" != list ] || exit 1
  printf '%s' "$FOUND"
else
  [ "$REFUSED" != write ] || exit 1
  node -e '
    const [, , , method, path, , body] = process.argv.slice(1);
    const text = fs.readFileSync(body.slice("body=@".length), "utf8");
    fs.appendFileSync(process.env.GH_LOG, JSON.stringify({ method, path, body: text }) + "\\0");
  ' "$@"
fi
`;

/** Gives what {@link stepOutputs} has for its arguments. */
const preparedStemma = `#!/usr/bin/env bash
cd "$(dirname "$0")/answers/$*" || exit 99
cat stdout
cat stderr >&2
exit "$(cat exitCode)"
`;

/** What the command line does in a checkout, by its arguments. A process for each run would take longer. */
async function stepOutputs(project: string, env: CliIo["env"]): Promise<Record<string, string>> {
  const format = ["diff", "--fail-on", "", "--format"];
  const commands = [
    ["validate", "--format", "github"],
    ...["github", "markdown", "json"].map((name) => [...format, name]),
    ["generate", "--check"],
    ["diff"],
  ];
  const files: Record<string, string> = {};
  for (const args of commands) {
    const run = await runInTest(project, args, { env });
    for (const [name, value] of Object.entries(run)) files[`answers/${args.join(" ")}/${name}`] = `${value}`;
  }
  return files;
}
