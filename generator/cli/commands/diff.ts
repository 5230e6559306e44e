import { exitCodes } from "../../diagnostics/cli-error.ts";
import { hasErrors } from "../../diagnostics/diagnostic.ts";
import { type FailOn, findFailures, parseFailOn } from "../../diff/index.ts";
import { type Comparison, compareVersions } from "../../git/compare-versions.ts";
import { buildManifest } from "../../manifest/index.ts";
import { ok, okUnless, type Result } from "../../pipeline/result.ts";
import type { ProjectConfig } from "../../project/settings/index.ts";
import {
  mapLocations,
  renderAnnotations,
  renderDiffJson,
  renderMarkdown,
  renderMermaid,
  renderText,
} from "../../report/index.ts";
import { describeFailures } from "../../report/text/describe-output.ts";
import { type AnyCommand, againstOption, defineCommand, formatOption } from "../command.ts";
import type { CliConsole, GlobalOptions } from "../console.ts";
import { annotatedFolder, relativeTo } from "../display-paths.ts";
import { readAcknowledgements } from "../read-acknowledgements.ts";
import { type CompiledProject, withCompiled } from "../with-project.ts";

const formats = ["text", "markdown", "json", "mermaid", "github"] as const;

interface DiffOptions extends GlobalOptions {
  /** A git revision, a folder or a manifest. */
  readonly against?: string;
  readonly format?: (typeof formats)[number];
  /** Name of a store in the settings, or path of a database; `true` for the default one. */
  readonly store?: string | true;
  /** Rule ids and severities that replace those of the settings. */
  readonly failOn?: readonly string[];
}

/** Compares the versions of the specs with those of a base, and writes nothing. */
export const command: AnyCommand = defineCommand<object, DiffOptions>({
  arguments: {},
  options: {
    against: againstOption,
    format: formatOption(formats),
    store: {
      value: "[store]",
      text: "count rows that would be new, stale or orphaned in a store: its name in the settings, or the path of a database",
    },
    failOn: {
      value: "<rules>",
      text: "exit with 1 on unacknowledged changes of these rules or severities, separated by commas",
      isRepeatable: true,
    },
  },
  run: (options, console) =>
    withCompiled(options, console, async (compiled) => {
      const { root, config } = compiled.project;
      const failOn = readFailOn(options, config);
      if (!failOn.ok) return console.fail(failOn.errors);
      const compared = await compare(compiled, options, console);
      if (!compared.ok) return console.fail(compared.errors);
      const { base, diff } = compared.value;
      const read = await readAcknowledgements(diff, compiled.project);
      if (!read.ok) return console.fail(read.errors);
      const { diagnostics, sources } = read.value;
      const diagnosed = { root, sources, diagnostics };
      if (hasErrors(diagnostics)) {
        const message = "The file of acknowledgements holds errors.";
        return console.fail([{ code: "acknowledgements-invalid", message, diagnosed }]);
      }
      await console.diagnostics(diagnosed);

      console.data(renderDiff({ base, diff: read.value.diff }, root, options, console));
      if (failOn.value.size === 0) return exitCodes.success;
      // A gate that does not see what was committed must not pass.
      if (base.isFallback) {
        const message = `--fail-on has no verdict: the base was not found, and the diff is ${base.description}.`;
        return console.fail([{ code: "base-fallback", message, hint: "Name a base with --against." }]);
      }
      const failures = findFailures(read.value.diff, failOn.value);
      if (failures.length === 0) return exitCodes.success;
      console.message(describeFailures(failures, read.value.file));
      return exitCodes.problems;
    }),
});

/** Reads the rules that fail. An error names the setting if the option was not given. */
function readFailOn({ failOn }: DiffOptions, config: ProjectConfig): Result<FailOn> {
  const parsed = parseFailOn(failOn ?? config.diff.failOn);
  if (parsed.ok || failOn !== undefined) return parsed;
  const errors = parsed.errors.map((error) => ({
    ...error,
    message: `In the setting diff.failOn: ${error.message}`,
  }));
  return okUnless(errors, new Set());
}

/** Compares with the base, prints its warnings, and counts rows if a store is named. */
async function compare(
  compiled: CompiledProject,
  { against, store }: DiffOptions,
  console: CliConsole,
): Promise<Result<Comparison>> {
  const { project, model, versions } = compiled;
  const manifest = buildManifest(model, versions, project.config);
  const compared = await compareVersions(project, manifest, against, console.io);
  if (!compared.ok) return compared;
  const { base } = compared.value;
  for (const warning of base.warnings) console.warn(warning);
  if (base.advice !== undefined) console.note(`${base.advice}\n`);
  if (store === undefined) return compared;
  const { countStoredRows } = await import("../count-stored-rows.ts");
  const counted = await countStoredRows(compared.value, compiled, store, console);
  return counted.ok ? ok({ base, diff: counted.value }) : counted;
}

function renderDiff(
  { base, diff }: Comparison,
  root: string,
  { format = "text" }: DiffOptions,
  { io, dataStyle }: CliConsole,
): string {
  switch (format) {
    case "text":
      return renderText(mapLocations(diff, relativeTo(io.cwd, root)), {
        ...dataStyle,
        base: base.description,
      });
    case "markdown":
      return renderMarkdown(diff, { base: base.description });
    case "json":
      return renderDiffJson(diff);
    case "mermaid":
      return renderMermaid(diff);
    case "github":
      return renderAnnotations(mapLocations(diff, relativeTo(annotatedFolder(io), root)));
  }
}
