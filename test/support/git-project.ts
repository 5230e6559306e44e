import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Base } from "../../generator/git/base.ts";
import { readBase } from "../../generator/git/read-base.ts";
import { printManifest } from "../../generator/manifest/index.ts";
import type { Result } from "../../generator/pipeline/result.ts";
import { defaultConfig, type ProjectConfig } from "../../generator/project/settings/index.ts";
import { sampleManifest } from "./sample-manifest.ts";
import { putFiles, temporaryFolder } from "./temporary-folder.ts";

/** An environment in which git knows neither the user's settings nor the repository that a hook runs for. */
export const gitEnv: Readonly<Record<string, string | undefined>> = {
  PATH: process.env["PATH"],
  HOME: "/nonexistent",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "A",
  GIT_AUTHOR_EMAIL: "a@example.org",
  GIT_COMMITTER_NAME: "A",
  GIT_COMMITTER_EMAIL: "a@example.org",
};

/** Runs git in a folder, and gives what it prints. */
export function git(folder: string, ...args: readonly string[]): string {
  const options = { cwd: folder, env: gitEnv, encoding: "utf8", stdio: "pipe" } as const;
  return execFileSync("git", args, options).trim();
}

/** Makes an empty repository on the branch `main`, removed when the test ends. */
export function gitRepository(...options: readonly string[]): string {
  const root = temporaryFolder();
  git(root, "init", "--quiet", "--initial-branch=main", ...options);
  return root;
}

/** The text of a manifest in which the one feature has a code version. */
export function manifestText(code: string): string {
  return printManifest(sampleManifest({ audio: { fields: { default: { code } } } }));
}

/** The code version in a manifest of {@link manifestText}. */
export function codeIn(manifest: Base["manifest"]): string | undefined {
  return manifest?.features["audio"]?.fields["default"]?.codeVersion;
}

/** Commits a manifest with a code version, and gives the abbreviated commit. */
export function commitCode(root: string, code: string, file = "generated/versions.json"): string {
  return commitFiles(root, { [file]: manifestText(code) });
}

/** Commits everything, with some files written before, and gives the abbreviated commit. */
export function commitFiles(root: string, files: Readonly<Record<string, string>> = {}): string {
  putFiles(root, files);
  git(root, "add", "--all");
  git(root, "commit", "--quiet", "--allow-empty", "--message=Edit");
  return git(root, "rev-parse", "--short", "HEAD");
}

/** Commits files to `main` of an empty repository, a second apart, without writing them beside it. */
export function importCommits(root: string, commits: readonly Readonly<Record<string, string>>[]): void {
  const stream = commits.map((files, second) => {
    const writes = Object.entries(files).map(
      ([path, text]) => `M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`,
    );
    const head = `commit refs/heads/main\ncommitter A <a@example.org> ${second} +0000\ndata 0\n`;
    return `${head}${writes.join("")}\n`;
  });
  execFileSync("git", ["fast-import", "--quiet"], { cwd: root, env: gitEnv, input: stream.join("") });
}

/** What a test says about the reading of a base. */
export interface BaseRequest {
  readonly env?: Readonly<Record<string, string>>;
  /** Folder of the project below `root`. */
  readonly project?: string;
  /** Folder in which the command is started, by default that of the project. */
  readonly cwd?: string;
  readonly config?: Partial<ProjectConfig>;
}

/** Reads the base of a project with default settings. */
export function baseOutcome(
  root: string,
  against?: string,
  { env = {}, project = "", cwd, config = {} }: BaseRequest = {},
): Promise<Result<Base>> {
  const folder = join(root, project);
  const io = { cwd: cwd ?? folder, env: { ...gitEnv, ...env } };
  return readBase({ root: folder, config: { ...defaultConfig, ...config } }, against, io);
}

/** A base as tests compare it: with a code version in place of the manifest. */
export interface BaseInShort extends Pick<Base, "description" | "isFallback" | "warnings" | "origin"> {
  readonly code: string | undefined;
}

/** A base that can be read. */
export async function baseIn(root: string, against?: string, request?: BaseRequest): Promise<BaseInShort> {
  const outcome = await baseOutcome(root, against, request);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.errors));
  const { manifest, description, isFallback, warnings, origin } = outcome.value;
  return { code: codeIn(manifest), description, isFallback: isFallback, warnings, origin };
}

/** Why a base can't be read: the one problem, as it is printed. */
export async function problemIn(root: string, against?: string, request?: BaseRequest): Promise<string> {
  const outcome = await baseOutcome(root, against, request);
  if (outcome.ok) throw new Error(`It was read: ${outcome.value.description}`);
  return outcome.errors.map(({ message, hint }) => `${message}\n${hint}`).join("\n");
}
