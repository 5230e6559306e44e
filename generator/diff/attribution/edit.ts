import type { Location } from "../../diagnostics/location.ts";
import { depPath, featurePath, fieldPath, locateSpecPath, type SpecDocuments } from "../model/spec-paths.ts";
import type { CauseRule } from "../rules/rule.ts";

/** An edit of a spec that changes versions. */
export interface Edit {
  readonly rule: CauseRule;
  /** Full name of the edited field: where the paths of its causes end. */
  readonly field: string;
  readonly from?: string;
  readonly to?: string;
  /** Key of the upstream feature whose dep was edited. */
  readonly upstream?: string;
}

/** Location of an edit: the edited part, or the nearest enclosing one where it was removed. */
export function locateEdit(edit: Edit, specs: SpecDocuments): Location | undefined {
  const [feature = "", field = ""] = edit.field.split(".");
  const { rule, upstream = "" } = edit;
  switch (rule) {
    case "code-version":
      return locateSpecPath(specs, feature, fieldPath(field, "codeVersion"));
    case "field-lineage":
      return upstream === ""
        ? locateSpecPath(specs, feature, fieldPath(field, "deps"))
        : locateSpecPath(specs, feature, depPath(upstream, "fieldsMapping"));
    case "dep-added":
    case "dep-removed":
      return locateSpecPath(specs, feature, depPath(upstream));
    case "field-added":
    case "root-field-added":
    case "field-removed":
    case "field-renamed":
    case "feature-removed":
      return locateSpecPath(specs, feature, fieldPath(field));
    case "feature-renamed":
      return locateSpecPath(specs, feature, featurePath);
  }
}
