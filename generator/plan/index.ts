export { defaultEngines } from "./by-engine.ts";
export { featureValue, type PlannedFeature, planFeatures, type ValueOptions } from "./feature-value.ts";
export { type IncrementColumn, inputColumns } from "./input-columns.ts";
export { type PlanQuery, type PlanSource, planQuery } from "./plan-query.ts";
export { planTraits } from "./plan-traits.ts";
export { printPlan } from "./print-query.ts";
