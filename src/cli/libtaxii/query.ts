/** The script query_client: a poll with a query of one test. */

import { Option } from "commander";
import { DefaultQuery, type Test } from "../../../generated/default-query/index.js";
import { PollRequest } from "../../../generated/taxii11/index.js";
import { isQueryRefusal } from "../../client/poll/query-place.js";
import { capabilityModules, contentBindings, type MatchType, matchTypes, relationships } from "../../constants.js";
import { allModules } from "../../message/capabilities.js";
import { create } from "../../message/create.js";
import { queryBody } from "../../message/query-body.js";
import { comparisonOf, type Relationship, relationshipOf, testOf } from "../../query/relationships.js";
import { UsageError } from "../failure.js";
import { type Script, truth } from "./flags.js";
import { type PollFlags, pollOptions, rangeFrom } from "./poll.js";
import { receive } from "./receiving.js";

interface QueryFlags extends PollFlags {
  readonly tev: string;
  readonly target: string;
  readonly rel: string;
  readonly cm: string;
  readonly value?: string | undefined;
  readonly matchType?: MatchType | undefined;
  readonly caseSensitive?: boolean | undefined;
}

const allRelationships = [...new Set([...relationships.core, ...relationships.regex, ...relationships.timestamp])];
const defaultMatchType = "case_insensitive_string";

function queryOptions(): Option[] {
  return [
    new Option("--tev <id>", "vocabulary of the target").default(contentBindings.stix111, "STIX XML 1.1.1"),
    new Option("--target <expression>", "targeting expression: where to look").default("**/@id"),
    new Option("--rel <relationship>", "how what is there has to stand to the value").choices(allRelationships).default("equals"),
    new Option("--cm <id>", "capability module of the relationship")
      .choices(Object.values(capabilityModules))
      .default(capabilityModules.core, "core"),
    new Option("--value <value>", "what to compare with; not for exists and does_not_exist"),
    new Option("--match-type <type>", `for equals and not_equals; default: ${defaultMatchType}`).choices(matchTypes),
    new Option("--case-sensitive <boolean>", "for begins_with, ends_with, contains and matches; default: True").argParser(truth),
  ];
}

export const queryClient: Script<QueryFlags> = {
  description: "Poll a collection of a TAXII 1.1 service for content that a query selects; the content goes to files.",
  options: [...pollOptions(), ...queryOptions()],
  example: "-u https://taxii.example.com/poll --collection indicators --target '**/Title' --rel contains --value Beacon",
  async run(flags, environment) {
    if (flags.subscriptionId !== undefined)
      throw new UsageError("--subscription-id: a subscription has a query of its own; poll_client polls on behalf of one");
    const query = queryBody(defaultQuery(flags));
    const range = rangeFrom(flags, environment);
    const request = create(PollRequest, { collectionName: flags.collection, ...range, pollParameters: { query } });
    return receive(request, flags, environment).catch((error: unknown) => {
      if (isQueryRefusal(error))
        environment.output.err(
          "The server does not answer this query; taxii query --client-side fetches everything, and searches it here.\n",
        );
      throw error;
    });
  },
};

/** The query of the flags: one criterion. @throws UsageError when relationship and parameters do not fit */
function defaultQuery(flags: QueryFlags): DefaultQuery {
  const { tev, target } = flags;
  return create(DefaultQuery, {
    targetingExpressionId: tev,
    criteria: { operator: "AND", items: [{ criterion: { target, test: testFrom(flags) } }] },
  });
}

function testFrom(flags: QueryFlags): Test {
  const { rel, value, matchType = defaultMatchType, caseSensitive = true } = flags;
  const relationship = relationshipFrom(flags);
  const parameters = relationship.definition ?? {};
  const given = { value, match_type: flags.matchType, case_sensitive: flags.caseSensitive };
  for (const [name, one] of Object.entries(given)) {
    if (one !== undefined && !(name in parameters)) throw new UsageError(`--${name.replace("_", "-")} does not go with --rel ${rel}`);
  }
  if (value === undefined && "value" in parameters) throw new UsageError(`--rel ${rel} needs --value`);
  const byCase = caseSensitive ? "case" : "nocase";
  return testOf(relationship, value, "match_type" in parameters ? comparisonOf[matchType] : byCase);
}

/** @throws UsageError when the module does not have the relationship */
function relationshipFrom({ rel, cm }: QueryFlags): Relationship {
  const module = allModules.find((name) => capabilityModules[name] === cm) ?? "core";
  const relationship = relationshipOf(capabilityModules[module], rel);
  if (relationship !== undefined) return relationship;
  throw new UsageError(`--rel ${rel} is none of --cm ${cm}; expected one of ${relationships[module].join(", ")}`);
}
