export { explainFeature, explainField } from "./explain-versions.ts";
export type { Explanation, ExplanationPart, ExplanationStep } from "./explanation.ts";
