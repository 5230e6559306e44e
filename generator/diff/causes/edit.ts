import type { CauseRule } from "../rule.ts";
import { depPart, fieldPart, locatePart, type SpecDocuments, wholeFeature } from "../spec-places.ts";
import type { Place } from "../version-diff.ts";

/** An edit of a spec that moves versions. */
export interface Edit {
  readonly rule: CauseRule;
  /** Full name of the edited field: where the paths of its causes end. */
  readonly field: string;
  readonly from?: string;
  readonly to?: string;
  /** Key of the upstream feature whose dep was edited. */
  readonly upstream?: string;
}

/** Where an edit is seen now: the edited part, or the nearest enclosing one where it is gone. */
export function locateEdit(edit: Edit, specs: SpecDocuments): Place | undefined {
  const [feature = "", field = ""] = edit.field.split(".");
  const { rule, upstream = "" } = edit;
  switch (rule) {
    case "code-version":
      return locatePart(specs, feature, fieldPart(field, "codeVersion"));
    case "field-lineage":
      return upstream === ""
        ? locatePart(specs, feature, fieldPart(field, "deps"))
        : locatePart(specs, feature, depPart(upstream, "fieldsMapping"));
    case "dep-added":
    case "dep-removed":
      return locatePart(specs, feature, depPart(upstream));
    case "field-added":
    case "root-field-added":
    case "field-removed":
    case "field-renamed":
    case "feature-removed":
      return locatePart(specs, feature, fieldPart(field));
    case "feature-renamed":
      return locatePart(specs, feature, wholeFeature);
  }
}
