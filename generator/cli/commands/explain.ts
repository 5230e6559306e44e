import { exitCodes } from "../../diagnostics/cli-error.ts";
import { explainFeature, explainField } from "../../explain/index.ts";
import { renderExplanation } from "../../report/text/render-explanation.ts";
import { type AnyCommand, defineCommand } from "../command.ts";
import type { GlobalOptions } from "../console.ts";
import { withCompiled } from "../with-project.ts";

interface ExplainArguments {
  /** Key of a feature, or `feature.field`. */
  readonly name: string;
}

/** Prints how the version of a feature or field is computed, down to code versions. */
export const command: AnyCommand = defineCommand<ExplainArguments, GlobalOptions>({
  arguments: { name: "key of a feature, or feature.field" },
  options: {},
  run: (options, console) =>
    withCompiled(options, console, async ({ model, versions }) => {
      const explain = options.name.includes(".") ? explainField : explainFeature;
      const explained = explain(model, versions, options.name);
      if (!explained.ok) return console.fail(explained.errors);
      console.data(renderExplanation(explained.value, console.dataStyle.columns));
      return exitCodes.success;
    }),
});
