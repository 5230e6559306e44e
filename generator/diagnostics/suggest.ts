export { suggest } from "../../runtime/filter/suggest.ts";
