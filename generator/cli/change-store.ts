import type { AnyFeature } from "../../runtime/feature.ts";
import type { Store } from "../../runtime/store.ts";
import { type ExitCode, exitCodes } from "../diagnostics/cli-error.ts";
import { fail, ok, type Result } from "../pipeline/result.ts";
import { formatOption, type OptionDescription } from "./command.ts";
import type { CliConsole, CliIo, GlobalOptions } from "./console.ts";
import { findStore } from "./find-store.ts";
import { useStore } from "./stores.ts";
import { featureValues, withCompiled } from "./with-project.ts";

/** Options of commands that change a store. */
export interface StoreOptions extends GlobalOptions {
  /** Name of a store in the settings, or path of a database; by default the default store. */
  readonly store?: string;
  /** Print what would change, and change nothing. */
  readonly dryRun?: boolean;
  /** Do not ask. */
  readonly yes?: boolean;
  readonly format?: "text" | "json";
}

/** The descriptions of {@link StoreOptions}. */
export const storeOptions: {
  readonly [Name in Exclude<keyof StoreOptions, keyof GlobalOptions>]: OptionDescription;
} = {
  store: {
    value: "<store>",
    text: "name of a store in the settings, or path of a database (default: the setting defaultStore)",
  },
  dryRun: { text: "print what would change, change nothing" },
  yes: { text: "do not ask" },
  format: formatOption(["text", "json"]),
};

/** An open store, and the project that uses it. */
export interface OpenedStore<Target> {
  readonly store: Store;
  /** Its name in messages. */
  readonly name: string;
  /** What `prepare` returned. */
  readonly target: Target;
  readonly signal: AbortSignal;
}

/** A change of a store that is previewed, confirmed and made. `Report` says what it does or did. */
export interface StoreChange<Report> {
  /** Finds what the change would do. */
  preview(): Promise<Result<Report>>;
  /** Makes the change. */
  apply(): Promise<Report>;
  /** Shown while it is made. */
  readonly progress: string;
  /** Whether it would change nothing. */
  isEmpty(report: Report): boolean;
  describe(report: Report, isDone: boolean): string;
  toJson(report: Report, isDone: boolean): object;
  /** Exit code that follows from the preview; by default success. */
  exitCode?(preview: Report): ExitCode;
  readonly question: string;
  /** Printed if the user answers no. */
  readonly declined: string;
}

/**
 * Compiles the project of a command, opens its store, and runs a change on it: it prints what the change would do, asks,
 * makes it, and prints what it did.
 *
 * `prepare` reads the arguments of the command before the store is opened.
 */
export async function changeStore<Target, Report>(
  options: StoreOptions,
  console: CliConsole,
  prepare: (features: readonly AnyFeature[]) => Result<Target>,
  createChange: (opened: OpenedStore<Target>) => Promise<StoreChange<Report>>,
): Promise<ExitCode> {
  const { dryRun = false } = options;
  const prompt = findPrompt(options, console.io);
  if (!prompt.ok) return console.fail(prompt.errors);
  return withCompiled(options, console, async (compiled) => {
    const target = prepare(await featureValues(compiled));
    if (!target.ok) return console.fail(target.errors);
    const location = findStore(options.store, compiled.project, console.io);
    if (!location.ok) return console.fail(location.errors);
    const { name } = location.value;
    const signal = console.interrupted();
    const use = { readOnly: dryRun, onWarning: console.warn.bind(console) };
    const used = await useStore(location.value, use, async (store) => {
      const change = await createChange({ store, name, target: target.value, signal });
      return runChange(change, options, console);
    });
    const outcome = used.ok ? used.value : used;
    return outcome.ok ? outcome.value : console.fail(outcome.errors);
  });
}

async function runChange<Report>(
  change: StoreChange<Report>,
  options: StoreOptions,
  console: CliConsole,
): Promise<Result<ExitCode>> {
  const { dryRun = false, format } = options;
  const print = (report: Report, isDone: boolean): void => {
    if (format === "json") console.json(change.toJson(report, isDone));
    else console.optionalData(change.describe(report, isDone));
  };
  const preview = await change.preview();
  if (!preview.ok) return preview;
  const report = preview.value;
  const exitCode = ok(change.exitCode?.(report) ?? exitCodes.success);
  if (dryRun || change.isEmpty(report)) {
    print(report, !dryRun);
    return exitCode;
  }
  if (options.yes !== true) {
    console.message(change.describe(report, false));
    const answer = await console.io.ask?.(`${change.question} [y/N] `);
    if (!/^y(es)?$/i.test(answer?.trim() ?? ""))
      return fail({ code: "not-confirmed", message: change.declined });
  }
  print(await console.withProgress(change.progress, () => change.apply()), true);
  return exitCode;
}

/** Fails if the command has to ask and cannot. */
function findPrompt(options: StoreOptions, io: Pick<CliIo, "ask">): Result<undefined> {
  if (options.yes === true || options.dryRun === true || io.ask !== undefined) return ok(undefined);
  return fail({
    code: "prompt-unavailable",
    message: "The command asks before it changes the store, and no terminal is available.",
    hint: "Preview the change with --dry-run, then run it with --yes.",
  });
}
