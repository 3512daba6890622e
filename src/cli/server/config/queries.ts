/** What of the configuration is about queries. */

import { z } from "zod";
import { problemOfTarget } from "../../../message/targeting.js";
import { count, flag, keys, list, oneOf, section, text } from "./fields.js";

const vocabulary = keys({
  /** What queries name it. */
  id: text,
  /** Regions of records that are quick to search. */
  preferredScopes: list(text).optional(),
  /** Other regions; all of a record when neither is given. */
  allowedScopes: list(text).optional(),
  /** Content bindings of the records it describes. */
  bindings: list(text).optional(),
}).superRefine(({ id, preferredScopes = [], allowedScopes = [] }, context) => {
  for (const [key, scopes] of Object.entries({ preferredScopes, allowedScopes })) {
    for (const [index, scope] of scopes.entries()) {
      const message = problemOfTarget(scope, id);
      if (message !== undefined) context.addIssue({ code: "custom", path: [key, index], message, input: scope });
    }
  }
});

/** Which queries poll services and subscriptions take. */
export const queries = section({
  /** Whether they take any. */
  enabled: flag.default(true),
  /** What queries can be about; those of STIX when it is not said. */
  vocabularies: list(vocabulary).min(1, "expected at least one vocabulary").optional(),
  /** Kinds of tests. */
  modules: z
    .array(oneOf(["core", "regex", "timestamp"]), "expected a list of core, regex and timestamp")
    .min(1, "expected at least one module")
    .optional(),
  /** Criteria of one query. */
  maxCriteria: count().optional(),
  /** Whether timestamps in content that have no zone are UTC, or satisfy nothing. */
  zoneless: oneOf(["utc", "none"]).default("utc"),
  /** Whether content that is text is looked into when it is an XML document. */
  textAsXml: flag.default(true),
});
