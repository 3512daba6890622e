/** What of the configuration is about queries. */

import { z } from "zod";
import { allModules } from "../../../message/capabilities.js";
import { problemIn } from "../../../query/define-vocabulary.js";
import { namesOfVocabulary } from "../../../query/index.js";
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
});

const modules = z.array(oneOf(allModules), "expected a list of core, regex and timestamp").min(1, "expected at least one module");

/** What each service can have otherwise than the others. */
const own = {
  /** What queries can be about; those of STIX when it is not said. */
  vocabularies: list(vocabulary).min(1, "expected at least one vocabulary").optional(),
  /** Kinds of tests. */
  modules: modules.optional(),
  /** Criteria of one query. */
  maxCriteria: count().optional(),
};

const names = oneOf(["vocabulary", "any"]);
const zoneless = oneOf(["utc", "none"]);

/** Which queries one service takes: none, those that all take, or those with something else about them. */
export const serviceQueries = z.union(
  [flag, keys({ ...own, names: names.optional(), zoneless: zoneless.optional(), textAsXml: flag.optional() })],
  "expected true, false, or what is otherwise than under queries",
);

/** As a configuration has it. */
export type ServiceQueries = z.infer<typeof serviceQueries>;

interface Scoped {
  readonly vocabularies?: readonly z.infer<typeof vocabulary>[] | undefined;
  readonly names?: z.infer<typeof names> | undefined;
}

/** Adds an issue for each scope that is none of its vocabulary (QRY-INF-003). @param path where the vocabularies stand */
export function checkScopes({ vocabularies = [], names: which }: Scoped, path: readonly PropertyKey[], context: z.RefinementCtx): void {
  for (const [place, { id, preferredScopes = [], allowedScopes = [] }] of vocabularies.entries()) {
    const known = { id, names: which === "any" ? undefined : namesOfVocabulary(id) };
    for (const [key, scopes] of Object.entries({ preferredScopes, allowedScopes })) {
      for (const [index, scope] of scopes.entries()) {
        const message = problemIn(known, scope)?.reason;
        if (message !== undefined)
          context.addIssue({ code: "custom", path: [...path, "vocabularies", place, key, index], message, input: scope });
      }
    }
  }
}

/** Which queries poll services and subscriptions take. */
export const queries = section({
  /** Whether they take any, unless they say so themselves. */
  enabled: flag.default(true),
  ...own,
  /** Whether what is asked about must have a name of STIX, or can have any. */
  names: names.default("vocabulary"),
  /** Whether timestamps in content that have no zone are UTC, or satisfy nothing. */
  zoneless: zoneless.default("utc"),
  /** Whether content that is text is looked into when it is an XML document. */
  textAsXml: flag.default(true),
  /** What services have otherwise, by id: those of the database, which cannot say so themselves. */
  services: z.record(z.string(), serviceQueries, "expected what services take, by their ids").default({}),
}).superRefine((given, context) => checkScopes(given, [], context));
