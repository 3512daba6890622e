/** Relationships of the capability modules, each by its verdicts. */

import { type Check, check, holds } from "../check.js";
import { queryOf, test } from "../query-markup.js";
import { describe, statusTypeOf } from "../reply.js";
import { evaluating, recordsWith, refusals, verdicts } from "./query-verdicts.js";

const title = "STIX_Package/STIX_Header/Title";
const description = "STIX_Package/STIX_Header/Description";
const names = "STIX_Package/Indicators/Indicator/Title";
const texts = "STIX_Package/Indicators/Indicator/Description";

const exact = "case_sensitive_string";
const folded = "case_insensitive_string";
const number = (value: string) => ({ value, match_type: "number" });
const insensitive = (value: string) => ({ value, case_sensitive: "false" });

const regex = { module: "regex" } as const;
const timestamp = { module: "timestamp" } as const;
const nine = "2014-05-08T09:00:00Z";

const core: readonly Check[] = [
  verdicts(
    "QRY-CORE-002",
    "MUST",
    "The relationship equals wants the whole value, as text with or without regard to case, or as a number.",
    [
      [test(title, "equals", { value: "Beacon One", match_type: exact }), "a"],
      [test(title, "equals", { value: "Beacon", match_type: exact }), ""],
      [test(title, "equals", { value: "beacon ONE", match_type: folded }), "ab"],
      [test(texts, "equals", number("10.0")), "a"],
      [test(texts, "equals", number("9")), "b"],
      [test(title, "equals", { value: "true", match_type: exact }), "c"],
    ],
    { also: ["QRY-CORE-001"] },
  ),
  verdicts("QRY-CORE-003", "MUST", "The relationship not_equals wants a value that differs.", [
    [test(title, "not_equals", { value: "Beacon One", match_type: exact }), "bcd"],
    [test(texts, "not_equals", number("9")), "a"],
  ]),
  verdicts("QRY-CORE-004", "MUST", "The relationship greater_than compares numbers, not texts.", [
    [test(texts, "greater_than", { value: "9" }), "a"],
    [test(texts, "greater_than", { value: "8.5" }), "ab"],
  ]),
  verdicts("QRY-CORE-005", "MUST", "The relationship greater_than_or_equal includes the value.", [
    [test(texts, "greater_than_or_equal", { value: "9" }), "ab"],
    [test(texts, "greater_than_or_equal", { value: "9.5" }), "a"],
  ]),
  verdicts("QRY-CORE-006", "MUST", "The relationship less_than compares numbers, not texts.", [
    [test(texts, "less_than", { value: "10" }), "b"],
    [test(texts, "less_than", { value: "11" }), "ab"],
  ]),
  verdicts("QRY-CORE-007", "MUST", "The relationship less_than_or_equal includes the value.", [
    [test(texts, "less_than_or_equal", { value: "10" }), "ab"],
    [test(texts, "less_than_or_equal", { value: "9" }), "b"],
  ]),
  verdicts("QRY-CORE-008", "MUST", "The relationship does_not_exist holds where the target is absent.", [
    [test("STIX_Package/Indicators", "does_not_exist"), "cd"],
    [test(description, "does_not_exist"), "b"],
  ]),
  verdicts("QRY-CORE-009", "MUST", "The relationship exists holds where the target is there, be it empty.", [
    [test("STIX_Package/Indicators", "exists"), "ab"],
    [test(description, "exists"), "acd"],
  ]),
  verdicts("QRY-CORE-010", "MUST", "The relationship begins_with minds the case unless it is told not to.", [
    [test(names, "begins_with", { value: "alpha" }), "ab"],
    [test(names, "begins_with", { value: "bet" }), ""],
    [test(names, "begins_with", insensitive("bET")), "a"],
  ]),
  verdicts("QRY-CORE-011", "MUST", "The relationship ends_with minds the case unless it is told not to.", [
    [test(names, "ends_with", { value: "pha" }), "a"],
    [test(names, "ends_with", { value: "BET" }), ""],
    [test(names, "ends_with", insensitive("BET")), "b"],
  ]),
  verdicts("QRY-CORE-012", "MUST", "The relationship contains minds the case unless it is told not to.", [
    [test(names, "contains", { value: "pha" }), "ab"],
    [test(names, "contains", { value: "PHAB" }), ""],
    [test(names, "contains", insensitive("PHAB")), "b"],
  ]),
  verdicts("QRY-CORE-014", "DECIDE", "The relationship equals without match_type minds the case.", [
    [test(title, "equals", { value: "beacon one" }), "b"],
  ]),
  verdicts("QRY-CORE-015", "DECIDE", "Numbers are compared as they are written, not as doubles.", [
    [test(texts, "equals", number("9007199254740993")), "a"],
    [test(texts, "equals", number("9007199254740992")), ""],
    [test(texts, "equals", number("1e1")), "a"],
  ]),
  verdicts("QRY-CORE-016", "DECIDE", "Case is that of Unicode, not of ASCII.", [
    [test(names, "equals", { value: "ärger", match_type: folded }), "b"],
    [test(names, "contains", insensitive("ÄR")), "b"],
  ]),
  verdicts("QRY-CORE-017", "DECIDE", "An empty text is within every value.", [
    [test(description, "contains", { value: "" }), "acd"],
    [test(names, "begins_with", { value: "" }), "ab"],
  ]),
];

const patterns: readonly Check[] = [
  verdicts(
    "QRY-RGX-001",
    "MUST",
    "The relationship matches finds what a regular expression describes.",
    [[test(names, "regex:matches", { value: "^al.ha$" }), "a"]],
    regex,
  ),
  verdicts(
    "QRY-RGX-003",
    "DECIDE",
    "The relationship matches minds the case unless it is told not to.",
    [
      [test(names, "regex:matches", { value: "^ALPHA$" }), ""],
      [test(names, "regex:matches", insensitive("^ALPHA$")), "a"],
    ],
    regex,
  ),
  verdicts(
    "QRY-RGX-004",
    "DECIDE",
    "A regular expression is found anywhere in a value.",
    [[test(names, "regex:matches", { value: "phab" }), "b"]],
    regex,
  ),
  check(
    "QRY-RGX-005",
    "DECIDE",
    "A regular expression that is none, or that takes for ever, is refused, or answered all the same.",
    evaluating,
    async (probe) => {
      const records = await recordsWith(probe, "regex");
      for (const value of ["(a+)+$", "(", "^(([a-z])+.)+[A-Z]([a-z])+$"]) {
        const reply = await records.poll(probe, { query: queryOf(records.vocabulary, test(names, "regex:matches", { value })) });
        const type = statusTypeOf(reply);
        const isRight = type === "BAD_MESSAGE" || type === "DENIED" || (type === undefined && reply.message !== undefined && value !== "(");
        holds(isRight, `${value} gives ${describe(reply)}`);
      }
    },
  ),
];

const moments: readonly Check[] = [
  verdicts(
    "QRY-TIM-001",
    "MUST",
    "The relationships of the timestamp module compare moments.",
    [
      [test(texts, "timestamp:equals", { value: nine }), "b"],
      [test(texts, "timestamp:greater_than", { value: "2014-05-08T08:59:59Z" }), "b"],
      [test(texts, "timestamp:greater_than", { value: nine }), ""],
      [test(texts, "timestamp:greater_than_or_equals", { value: nine }), "b"],
      [test(texts, "timestamp:less_than", { value: "2014-05-08T09:00:01Z" }), "b"],
      [test(texts, "timestamp:less_than", { value: nine }), ""],
      [test(texts, "timestamp:less_than_or_equals", { value: nine }), "b"],
    ],
    timestamp,
  ),
  refusals(
    "QRY-TIM-001/others",
    "MUST",
    "The timestamp module has no other relationships.",
    [test(texts, "timestamp:not_equals", { value: nine }), test(texts, "timestamp:exists")],
    "BAD_MESSAGE",
    timestamp,
  ),
  verdicts(
    "QRY-TIM-002",
    "MUST",
    "Offsets are taken into account.",
    [
      [test(texts, "timestamp:equals", { value: "2014-05-08T05:00:00-04:00" }), "b"],
      [test(texts, "timestamp:equals", { value: "2014-05-08T11:00:00Z" }), ""],
    ],
    timestamp,
  ),
  verdicts(
    "QRY-TIM-003",
    "DECIDE",
    "The timestamp module takes the names that core has, too.",
    [
      [test(texts, "timestamp:less_than_or_equal", { value: nine }), "b"],
      [test(texts, "timestamp:greater_than_or_equal", { value: nine }), "b"],
    ],
    timestamp,
  ),
  verdicts(
    "QRY-TIM-004",
    "DECIDE",
    "A timestamp without zone is one of UTC; what is none satisfies nothing.",
    [
      [test(description, "timestamp:equals", { value: "2020-01-01T00:00:00Z" }), "d"],
      [test(title, "timestamp:greater_than", { value: "1970-01-01T00:00:00Z" }), ""],
    ],
    timestamp,
  ),
  verdicts(
    "QRY-TIM-005",
    "MUST",
    "A microsecond makes a difference.",
    [
      [test(description, "timestamp:equals", { value: "2014-05-08T09:00:00.000001Z" }), "c"],
      [test(description, "timestamp:equals", { value: nine }), ""],
      [test(description, "timestamp:less_than", { value: "2014-05-08T09:00:00.0000011Z" }), "c"],
    ],
    timestamp,
  ),
];

/** Relationships: core, regex, timestamp. */
export const queryRelationships: readonly Check[] = [...core, ...patterns, ...moments];
