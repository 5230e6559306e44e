export { featureValue, type ValueOptions } from "./feature-value.ts";
export { type IncrementColumn, inputColumns } from "./input-columns.ts";
export { type PlanQuery, planQuery } from "./plan-query.ts";
export { planTraits } from "./plan-traits.ts";
export { printPlanSql } from "./print-query.ts";
