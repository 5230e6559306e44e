export { planFeature } from "./plan-feature.ts";
