export { arrivingColumns, type IncrementColumn } from "./arriving-columns.ts";
export { featureValue } from "./feature-value.ts";
