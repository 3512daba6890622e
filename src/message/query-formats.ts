/** The query formats this package knows. */

import { DefaultQuery } from "../../generated/default-query/index.js";
import type { QueryFormatShapes } from "../codec/json-query.js";
import { queryFormats } from "../constants.js";
import { QueryInfo } from "./query-body.js";

/** Default Query 1.0: what `toJson`, `fromJson` and `toText` take apart unless they are told otherwise. */
export const defaultQueryFormats: readonly QueryFormatShapes[] = [
  { formatId: queryFormats.default10, query: DefaultQuery, info: QueryInfo },
];
