import { setTimeout } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { type ExitCode, exitCodeOf, exitCodes } from "../diagnostics/cli-error.ts";
import { ok, type Result } from "../pipeline/result.ts";
import { guardFiles } from "../project/files/guard-files.ts";
import { type OpenedProject, openProject, projectRoot } from "../project/open-project.ts";
import { defaultConfig, type ProjectConfig } from "../project/settings/index.ts";
import { FileWatcher } from "../project/watch/file-watcher.ts";
import { watchTargets } from "../project/watch/watch-targets.ts";
import type { Sources } from "../source/source-file.ts";
import type { CliConsole, GlobalOptions } from "./console.ts";

/** How long to wait after a change, in milliseconds: an editor often saves in several steps. */
const debounceMs = 30;

/** Generates now, and after each change of specs, referenced files or config, until the user interrupts it. */
export async function watchProject(
  options: GlobalOptions,
  console: CliConsole,
  generate: (project: OpenedProject) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { io } = console;
  const root = projectRoot(io.cwd, options);
  const changes = new ChangeSignal();
  const watcher = new FileWatcher(io.openWatcher, () => changes.add());
  const interrupted = io.untilInterrupted().then(() => "interrupted" as const);
  let config: ProjectConfig = defaultConfig;
  let sources: Sources = {};
  let last: Result<OpenedProject> | undefined;
  let isWatching = false;
  try {
    for (;;) {
      const opened = await openProject(options, io.cwd);
      if (opened.ok) ({ config, sources } = opened.value);
      else if (last === undefined && exitCodeOf(opened.errors) === exitCodes.usage)
        return console.fail(opened.errors);
      if (!isDeepStrictEqual(opened, last)) {
        await (opened.ok ? generate(opened.value) : console.fail(opened.errors));
        last = opened;
      }
      const targets = watchTargets({ root, config: options.config, folders: config, sources });
      const watched = await guardFiles(root, async () => ok(await watcher.watch(targets)));
      if (!watched.ok) return console.fail(watched.errors);
      // A change before the watcher was ready is found by reading again.
      if (watched.value) continue;
      if (!isWatching) console.note(`Watching ${config.schemas} for changes; Ctrl-C ends it.\n`);
      isWatching = true;
      if ((await Promise.race([changes.next(), interrupted])) === "interrupted") return exitCodes.success;
      await setTimeout(debounceMs);
      changes.reset();
    }
  } finally {
    await watcher.close();
  }
}

/** Waits for changes. */
class ChangeSignal {
  #isPending = false;
  #wake: () => void = () => undefined;

  add(): void {
    this.#isPending = true;
    this.#wake();
  }

  reset(): void {
    this.#isPending = false;
  }

  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (this.#isPending) resolve();
    });
  }
}
