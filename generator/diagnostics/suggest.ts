export { suggest } from "../../runtime/filter/index.ts";
