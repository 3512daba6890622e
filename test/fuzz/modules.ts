/** The generated modules under their names. */

export * as defaultQuery from "../../generated/default-query/index.js";
export * as taxii10 from "../../generated/taxii10/index.js";
export * as taxii11 from "../../generated/taxii11/index.js";
export * as xmldsig from "../../generated/xmldsig/index.js";
