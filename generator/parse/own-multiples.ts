import type { Ajv2020, ErrorObject } from "ajv/dist/2020.js";

interface Validate {
  (value: number): boolean;
  errors?: Partial<ErrorObject>[];
}

/**
 * Makes `multipleOf` mean what stores enforce: a remainder tells for integers, for other numbers a quotient within 1e-9
 * of a whole number counts, as 0.3 does of 0.1.
 */
export function useOwnMultiples(ajv: Ajv2020): void {
  ajv.removeKeyword("multipleOf");
  ajv.addKeyword({
    keyword: "multipleOf",
    type: "number",
    schemaType: "number",
    errors: true,
    compile: (step: number, parent) => {
      const types = [(parent["type"] ?? []) as string | readonly string[]].flat();
      const exactly = Number.isInteger(step) && types.includes("integer") && !types.includes("number");
      const validate: Validate = (value) => {
        const isMultiple = exactly
          ? value % step === 0
          : Math.abs(value / step - Math.round(value / step)) <= 1e-9;
        if (!isMultiple) validate.errors = [{ keyword: "multipleOf", params: { multipleOf: step } }];
        return isMultiple;
      };
      return validate;
    },
  });
}
