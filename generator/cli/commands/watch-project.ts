import { setTimeout } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { type OpenedProject, openProject, type UnopenedProject } from "../../project/open-project.ts";
import { done, guardFiles } from "../../project/output/index.ts";
import { defaultConfig, type ProjectConfig } from "../../project/settings/index.ts";
import { FolderWatchers } from "../../project/watch/folder-watchers.ts";
import { watchTargets } from "../../project/watch/watch-targets.ts";
import type { CliIo, ExitCode, GlobalOptions } from "../cli-io.ts";
import { reportProblems } from "../report.ts";
import type { Terminal } from "../terminal.ts";

/** A project as it lies on the disk, or why it can't be worked on. */
export type LoadedProject = OpenedProject | UnopenedProject;

/** How long a change may go on before it is looked at, in milliseconds: a save is often several changes. */
const debounceMs = 30;

/** Generates now, and again whenever specs, what they refer to, or settings change, until the user ends it. */
export async function watchProject(
  options: GlobalOptions,
  terminal: Terminal,
  io: CliIo,
  generateOnce: (project: LoadedProject) => Promise<ExitCode>,
): Promise<ExitCode> {
  const changes = new ChangeSignal();
  const watchers = new FolderWatchers(io, () => changes.add());
  const interrupted = io.untilInterrupted().then(() => "interrupted" as const);
  let config: ProjectConfig = defaultConfig;
  let last: LoadedProject | undefined;
  try {
    for (;;) {
      const project = await openProject(options, io);
      if (project.kind === "stopped" && project.exitCode === 2 && last === undefined)
        return generateOnce(project);
      if (project.kind === "project") config = project.config;
      const { root, sources } = project;
      const targets = watchTargets({ root, config: options.config, folders: config, sources });
      // What changed before a folder was watched would go unseen.
      const watched = await guardFiles(root, () => done(watchers.watch(targets)));
      if (watched.kind === "problems") return reportProblems(watched.problems, terminal);
      if (watched.value) continue;
      if (!isDeepStrictEqual(project, last)) {
        await generateOnce(project);
        if (last === undefined) terminal.note(`Watching ${config.schemas} for changes; Ctrl-C ends it.\n`);
      }
      last = project;
      if ((await Promise.race([changes.next(), interrupted])) === "interrupted") return 0;
      await setTimeout(debounceMs);
      changes.reset();
    }
  } finally {
    watchers.close();
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
    return new Promise((done) => {
      this.#wake = done;
      if (this.#isPending) done();
    });
  }
}
