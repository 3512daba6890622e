import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type CriteriaInit,
  type CriterionInit,
  DefaultQuery,
  type TargetingExpressionInfo,
  Test,
  type TestInit,
} from "../../generated/default-query/index.js";
import { PollRequest, Query, SupportedQuery } from "../../generated/taxii11/index.js";
import { fromXml, toXml } from "../../src/codec/xml.js";
import { capabilityModules, draft111, namespaces, queryFormats, relationships } from "../../src/constants.js";
import { create } from "../../src/message/create.js";
import { isDefaultQuery, QueryInfo, queryBody, queryInfoBody, readQuery, readQueryInfo } from "../../src/message/query-body.js";
import { problemOfPattern } from "../../src/message/regex-subset.js";
import { problemOfTarget } from "../../src/message/targeting.js";
import { errors, findings } from "../conformance/findings.js";

const stix = "urn:stix.mitre.org:xml:1.1.1";
const equals: TestInit = { capabilityId: capabilityModules.core, relationship: "equals", parameters: [{ name: "value", value: "x" }] };
const criterion = (init: Partial<CriterionInit> = {}): CriterionInit => ({ target: "STIX_Package/@id", test: equals, ...init });
const query = (...criteria: CriterionInit[]): DefaultQuery =>
  create(DefaultQuery, { targetingExpressionId: stix, criteria: { operator: "AND", items: criteria.map((one) => ({ criterion: one })) } });
const ns = `xmlns="${namespaces.defaultQuery}"`;
const body = (xml: string): Query => ({ formatId: queryFormats.default10, content: { xml } });
const one = `<Default_Query ${ns} targeting_expression_id="${stix}"><Criteria operator="AND"><Criterion><Target>*</Target><Test capability_id="${capabilityModules.core}" relationship="exists"/></Criterion></Criteria></Default_Query>`;
const wrongBody = ["error taxii11/query-obeys-its-format content"];

describe("the body of a query", () => {
  it("[QRY-STR-001] [XML-PRQ-007] is one Default_Query", () => {
    expect(findings(Query, body(one))).toEqual([]);
    expect(findings(Query, body(`\n  <!-- a query -->${one}\n`))).toEqual([]);
    for (const xml of ["", " ", `${one}${one}`, `${one}text`, one.replaceAll(ns, ""), `<Default_Query_Info ${ns}/>`, `<a>${one}</a>`])
      expect(findings(Query, body(xml)), xml).toEqual(wrongBody);
    expect(findings(Query, { formatId: queryFormats.default10, content: { text: "" } })).toEqual(wrongBody);
    expect(findings(Query, body(one.replace(`targeting_expression_id="${stix}"`, "")))).toEqual(wrongBody);
  });

  it("[QRY-STR-001] tells what it found instead", () => {
    const message = (content: Query["content"]): string => {
      try {
        readQuery({ formatId: queryFormats.default10, content });
        return "";
      } catch (error) {
        return error instanceof Error ? error.message : "";
      }
    };
    expect(message({ text: "all of it" })).toBe(`expected one <Default_Query> of ${namespaces.defaultQuery}, found text`);
    expect(message({ xml: "<!-- nothing -->" })).toBe(`expected one <Default_Query> of ${namespaces.defaultQuery}, found nothing`);
    expect(message({ xml: "<a/><b/>" })).toBe(`expected one <Default_Query> of ${namespaces.defaultQuery}, found <a>, <b>`);
  });

  it.each([
    ["an operator in lower case", one.replace('"AND"', '"and"')],
    ["no operator", one.replace(' operator="AND"', "")],
    ["another operator", one.replace('"AND"', '"XOR"')],
    ["nothing to be met", one.replace(/<Criterion>.*<\/Criterion>/, "")],
  ])("[QRY-STR-002] does not have %s", (_, xml) => {
    expect(findings(Query, body(xml))).toEqual(wrongBody);
  });

  it.each([
    ["the test before the target", one.replace(/(<Target>.*<\/Target>)(<Test .*\/>)/, "$2$1")],
    ["no target", one.replace(/<Target>.*<\/Target>/, "")],
    ["two tests", one.replace(/(<Test .*?\/>)/, "$1$1")],
  ])("[QRY-STR-004] does not have %s", (_, xml) => {
    expect(findings(Query, body(xml))).toEqual(wrongBody);
  });

  it("[QRY-STR-004] negates nothing unless told to", () => {
    const negate = (attribute: string): unknown[] =>
      readQuery(body(one.replace("<Criterion>", `<Criterion${attribute}>`))).criteria.items.map(
        (item) => "criterion" in item && item.criterion.negate,
      );
    expect(negate("")).toEqual([false]);
    expect(negate(' negate="1"')).toEqual([true]);
    expect(negate(' negate="false"')).toEqual([false]);
  });

  it("[QRY-GEN-005] is opaque in other formats, whatever it is", () => {
    for (const content of [{ text: "select *" }, { xml: "<x/>" }, { xml: one }])
      expect(findings(Query, { formatId: "urn:example:sql", content })).toEqual([]);
    const xml = `<Poll_Request xmlns="${namespaces.taxii11}" message_id="1" collection_name="c"><Poll_Parameters><Query format_id="urn:example:sql">select <b>*</b></Query></Poll_Parameters></Poll_Request>`;
    const request = fromXml(PollRequest, xml);
    expect(request.pollParameters?.query?.content).toEqual({ xml: `select <b xmlns="${namespaces.taxii11}">*</b>` });
    expect(isDefaultQuery(request.pollParameters?.query ?? body(""))).toBe(false);
    expect(errors(PollRequest, request)).toEqual([]);
  });

  it("is for the query's handler to refuse, not for who receives the message", () => {
    expect(errors(Query, body(""), { received: true })).toEqual([]);
    expect(errors(Query, queryBody(query(criterion({ target: "//" }))), { received: true })).toEqual([]);
  });
});

describe("criteria", () => {
  it("[QRY-STR-003] come before their siblings that are criterions; a reader takes any order", () => {
    const inner = { criteria: { operator: "OR", items: [{ criterion: criterion() }] } } as const;
    const of = (...items: NonNullable<CriteriaInit["items"]>): DefaultQuery =>
      create(DefaultQuery, { targetingExpressionId: stix, criteria: { operator: "AND", items } });
    expect(findings(DefaultQuery, of(inner, inner, { criterion: criterion() }))).toEqual([]);
    const late = of({ criterion: criterion() }, inner);
    expect(findings(DefaultQuery, late)).toEqual(["error default-query/criteria-before-criterion criteria.items[1]"]);
    expect(readQuery(queryBody(late)).criteria.items.map((item) => Object.keys(item))).toEqual([["criterion"], ["criteria"]]);
  });
});

describe("a test", () => {
  const found = (init: Partial<TestInit>): string[] => findings(Test, create(Test, { ...equals, ...init }));
  const parameters = (values: Record<string, string>): TestInit["parameters"] =>
    Object.entries(values).map(([name, value]) => ({ name, value }));
  const wrongValue = ["error default-query/parameters-fit-relationship parameters[0].value"];
  const missing = ["error default-query/parameters-fit-relationship parameters"];

  it("[QRY-STR-006] has a relationship of its module", () => {
    expect(found({ relationship: "like" })).toEqual(["error default-query/relationship-is-defined relationship"]);
    expect(found({ relationship: "toString" })).toEqual(["error default-query/relationship-is-defined relationship"]);
    expect(found({ capabilityId: capabilityModules.regex, relationship: "equals" })).toEqual([
      "error default-query/relationship-is-defined relationship",
    ]);
    expect(found({ capabilityId: capabilityModules.timestamp, relationship: "not_equals" })).toEqual([
      "error default-query/relationship-is-defined relationship",
    ]);
    expect(found({ capabilityId: "urn:example:geo", relationship: "near", parameters: parameters({ km: "5" }) })).toEqual([]);
  });

  it("[QRY-STR-006] has the parameters of its relationship, each once", () => {
    expect(found({ parameters: [] })).toEqual(missing);
    expect(found({ parameters: parameters({ value: "x", km: "5" }) })).toEqual([
      "error default-query/parameters-fit-relationship parameters[1].name",
    ]);
    expect(
      found({
        parameters: [
          { name: "value", value: "x" },
          { name: "value", value: "x" },
        ],
      }),
    ).toEqual(["error default-query/parameters-fit-relationship parameters[1].name"]);
  });

  it.each(relationships.core)("[QRY-CORE-001] knows %s of the core module", (relationship) => {
    const value = relationship.includes("exist") ? {} : { value: "1" };
    expect(found({ relationship, parameters: parameters(value) })).toEqual([]);
    expect(found({ relationship, capabilityId: draft111.capabilityModules.core, parameters: parameters(value) })).toEqual([]);
    const others = parameters(relationship.includes("exist") ? { value: "1" } : {});
    expect(found({ relationship, parameters: others })).not.toEqual([]);
  });

  it.each(["equals", "not_equals"])("[QRY-CORE-013] takes three kinds of match for %s", (relationship) => {
    for (const kind of ["case_sensitive_string", "case_insensitive_string"])
      expect(found({ relationship, parameters: parameters({ value: "", match_type: kind }) })).toEqual([]);
    expect(found({ relationship, parameters: parameters({ value: " 1e3 ", match_type: "number" }) })).toEqual([]);
    expect(found({ relationship, parameters: parameters({ value: "ten", match_type: "number" }) })).toEqual(wrongValue);
    expect(found({ relationship, parameters: parameters({ match_type: "date", value: "2014-12-19" }) })).toEqual(wrongValue);
    expect(found({ relationship, parameters: parameters({ value: "x" }) })).toEqual([]);
  });

  it.each(["greater_than", "greater_than_or_equal", "less_than", "less_than_or_equal"])("takes numbers for %s", (relationship) => {
    for (const value of ["10", "-1.5", "+.5", "5.", "1E-3", " 7 "])
      expect(found({ relationship, parameters: parameters({ value }) }), value).toEqual([]);
    for (const value of ["", "ten", "0x10", "1,000", "INF", "NaN", "1e", "."])
      expect(found({ relationship, parameters: parameters({ value }) }), value).toEqual(wrongValue);
    expect(found({ relationship, parameters: parameters({ value: "1", match_type: "number" }) })).toEqual([
      "error default-query/parameters-fit-relationship parameters[1].name",
    ]);
  });

  it.each(["exists", "does_not_exist"])("takes no parameters for %s", (relationship) => {
    expect(found({ relationship, parameters: [] })).toEqual([]);
    expect(found({ relationship, parameters: parameters({ value: "" }) })).toEqual([
      "error default-query/parameters-fit-relationship parameters[0].name",
    ]);
  });

  it.each(["begins_with", "ends_with", "contains"])("takes a text, and whether case counts, for %s", (relationship) => {
    expect(found({ relationship, parameters: parameters({ value: "" }) })).toEqual([]);
    for (const value of ["true", "false", " true "])
      expect(found({ relationship, parameters: parameters({ case_sensitive: value, value: "x" }) })).toEqual([]);
    for (const value of ["TRUE", "1", ""])
      expect(found({ relationship, parameters: parameters({ case_sensitive: value, value: "x" }) })).toEqual(wrongValue);
  });

  it("[QRY-RGX-001] takes an expression, and whether case counts, for matches", () => {
    const regex = { capabilityId: capabilityModules.regex, relationship: "matches" };
    expect(found({ ...regex, parameters: parameters({ value: "^a+$" }) })).toEqual([]);
    expect(found({ ...regex, parameters: parameters({ value: "a", case_sensitive: "false" }) })).toEqual([]);
    expect(found({ ...regex, parameters: [] })).toEqual(missing);
  });

  it("[QRY-RGX-002] takes an expression of the common subset", () => {
    const regex = { capabilityId: capabilityModules.regex, relationship: "matches" };
    expect(found({ ...regex, parameters: parameters({ value: "(a)\\1" }) })).toEqual(wrongValue);
  });

  it.each([...relationships.timestamp, "greater_than_or_equal", "less_than_or_equal"])(
    "[QRY-TIM-001] [QRY-TIM-003] takes a date-time for %s of the timestamp module",
    (relationship) => {
      const timestamp = { capabilityId: capabilityModules.timestamp, relationship };
      for (const value of ["2014-12-19T00:00:00Z", " 2014-12-19t00:00:00.1234567+02:00 ", "2016-12-31T23:59:60Z"])
        expect(found({ ...timestamp, parameters: parameters({ value }) }), value).toEqual([]);
      for (const value of ["2014-12-19T00:00:00", "2014-12-19", "", "2014-12-19T24:00:00Z", "2014-02-30T00:00:00Z"]) {
        expect(found({ ...timestamp, parameters: parameters({ value }) }), value).toEqual(wrongValue);
      }
    },
  );

  it("[QRY-STR-008] keeps the text of parameters exactly", () => {
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom("true", "false", "1", "007", " x ", "\n", "", "a\r\nb"), fc.string()), (value) => {
        fc.pre(!/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(value));
        const [item] = readQuery(queryBody(query(criterion({ test: { ...equals, parameters: [{ name: "value", value }] } })))).criteria
          .items;
        expect(item && "criterion" in item && item.criterion.test.parameters).toEqual([{ name: "value", value }]);
      }),
    );
  });
});

describe("targets", () => {
  it.each(["STIX_Package", "STIX_Package/@id", "**/Title", "*/*", "**", "STIX_Package/**/@id", " STIX_Package/*\n", "a-b.c/_d/é"])(
    "[QRY-TE-001] [QRY-TE-008] can be %j",
    (target) => {
      expect(problemOfTarget(target, stix)).toBeUndefined();
      expect(findings(DefaultQuery, query(criterion({ target })))).toEqual([]);
    },
  );

  it.each(["", " ", "/", "/a", "a/", "a//b"])("[QRY-TE-001] cannot be %j, in any vocabulary", (target) => {
    expect(problemOfTarget(target, stix)).toBeDefined();
    expect(problemOfTarget(target, "urn:example:filehash")).toBeDefined();
    expect(findings(DefaultQuery, query(criterion(), criterion({ target })))).toEqual([
      "error default-query/targets-fit-vocabulary criteria.items[1].criterion.target",
    ]);
  });

  it.each(["***", "Ind*", "stix:Title", "@id/a", "@", "a b", "a/ b", "a[1]", "1a"])(
    "[QRY-STR-005] cannot be %j in the vocabularies of STIX",
    (target) => {
      expect(problemOfTarget(target, stix)).toBeDefined();
      expect(problemOfTarget(target, "urn:oasis:cti:stix:xml:1.2.1")).toBeDefined();
      expect(problemOfTarget(target, "urn:example:filehash")).toBeUndefined();
    },
  );

  it("[QRY-TE-007] have neither a wildcard for attributes nor prefixes", () => {
    expect(problemOfTarget("@*", stix)).toBe('expected a name, @name, * or **, found "@*"');
    expect(problemOfTarget("a/stix:b", stix)).toBe('expected a name, @name, * or **, found "stix:b"');
  });
});

describe("what a service can do", () => {
  const info = (init: Partial<TargetingExpressionInfo> = {}): TargetingExpressionInfo => ({
    targetingExpressionId: stix,
    preferredScopes: ["STIX_Package/**"],
    allowedScopes: ["**"],
    ...init,
  });
  const modules = [capabilityModules.core];
  const found = (queryInfo: QueryInfo): string[] => findings(SupportedQuery, queryInfoBody(queryInfo));
  const at = "content.targetingExpressionInfos[0]";

  it("[QRY-INF-001] names vocabularies and modules, at least one each", () => {
    expect(found({ targetingExpressionInfos: [info()], capabilityModules: modules })).toEqual([]);
    expect(
      found({ targetingExpressionInfos: [info(), info({ targetingExpressionId: "urn:example:filehash" })], capabilityModules: modules }),
    ).toEqual([]);
    const wrong = ["error taxii11/supported-query-obeys-its-format content"];
    const empty = { formatId: queryFormats.default10, content: { xml: `<Default_Query_Info ${ns}/>` } };
    expect(findings(SupportedQuery, empty)).toEqual(wrong);
    const noModule = toXml(QueryInfo, { targetingExpressionInfos: [info()], capabilityModules: modules })
      .replace(/<tdq:Capability_Module>.*<\/tdq:Capability_Module>/, "")
      .replace(/<\?.*\?>/, "");
    expect(findings(SupportedQuery, { formatId: queryFormats.default10, content: { xml: noModule } })).toEqual(wrong);
  });

  it("[QRY-INF-002] gives each vocabulary an identifier and a scope", () => {
    const { targetingExpressionId: _, ...anonymous } = info();
    expect(found({ targetingExpressionInfos: [anonymous], capabilityModules: modules })).toEqual([
      `error default-query/info-names-vocabulary ${at}.targetingExpressionId`,
    ]);
    expect(found({ targetingExpressionInfos: [info({ preferredScopes: [], allowedScopes: [] })], capabilityModules: modules })).toEqual([
      `error default-query/info-has-scope ${at}`,
    ]);
    expect(found({ targetingExpressionInfos: [info({ allowedScopes: [] })], capabilityModules: modules })).toEqual([]);
  });

  it("[QRY-INF-003] gives scopes in the form of targets", () => {
    expect(
      found({
        targetingExpressionInfos: [info({ preferredScopes: ["a/", " b/* "], allowedScopes: ["@id/*"] })],
        capabilityModules: modules,
      }),
    ).toEqual([
      `error default-query/scopes-fit-vocabulary ${at}.preferredScopes[0]`,
      `error default-query/scopes-fit-vocabulary ${at}.allowedScopes[0]`,
    ]);
  });

  it("[QRY-INF-007] is told with all vocabularies, or as the schema has it with the first alone", () => {
    const two = { targetingExpressionInfos: [info(), info({ targetingExpressionId: "urn:example:filehash" })], capabilityModules: modules };
    expect(readQueryInfo(queryInfoBody(two))).toEqual(two);
    expect(readQueryInfo(queryInfoBody(two, { oneVocabulary: true }))).toEqual({ ...two, targetingExpressionInfos: [info()] });
  });

  it("is validated by itself too", () => {
    expect(findings(QueryInfo, { targetingExpressionInfos: [], capabilityModules: [] })).toEqual([
      "error schema targetingExpressionInfos",
      "error schema capabilityModules",
    ]);
  });
});

describe("the common subset of regular expressions", () => {
  it.each([
    "",
    "abc",
    "a|b||",
    "^a$",
    "a*b+c?d{1}e{1,}f{1,2}",
    "a*?b+?c??d{1}?e{1,}?f{1,2}?",
    "(a)(?:b)(?=c)(?!d)",
    "[abc][^a-z][]a]".replace("[]a]", "[a\\]]"),
    "[-a][a-]",
    "[\\w.-]+@[\\d]",
    "\\t\\n\\r\\f\\w\\W\\s\\S\\d\\D\\b\\B",
    "\\x41\\cA\\0\\012\\101",
    "\\.\\*\\(\\)\\[\\]\\{\\}\\|\\^\\$\\/\\-\\@",
    "[\\x00-\\x1f][\\t-\\r][\\b]",
    "198\\.51\\.100\\.\\d+",
    "]}",
    "ä🙂[à-ü🙂]",
  ])("[QRY-RGX-002] has %j", (pattern) => {
    expect(problemOfPattern(pattern)).toBeUndefined();
  });

  it.each([
    ["(a)\\1", "the escape \\1 at position 5"],
    ["\\8", "the escape \\8"],
    ["(?<=a)b", "a group of this kind"],
    ["(?<!a)b", "a group of this kind"],
    ["(?<name>a)", "a group of this kind"],
    ["(?P<name>a)", "a group of this kind"],
    ["(?i)a", "a group of this kind"],
    ["(?>a)", "a group of this kind"],
    ["a++", "a second quantifier"],
    ["a{2}{3}", "a second quantifier"],
    ["*a", "a quantifier with nothing before it"],
    ["a|+", "a quantifier with nothing before it"],
    ["a{", "a quantifier with nothing before it"],
    ["^*", "a quantifier behind an assertion"],
    ["\\b+", "a quantifier behind an assertion"],
    ["(?=a)*", "a quantifier behind an assertion"],
    ["a{3,2}", "a quantifier with its limits reversed"],
    ["(a", "a group without end"],
    ["a)", "an unmatched )"],
    ["[a", "a class without end"],
    ["[]", "an empty class"],
    ["[z-a]", "a range of this kind"],
    ["[a-\\d]", "a range of this kind"],
    ["[[:alpha:]]", "a named class"],
    ["\\p{L}", "the escape \\p"],
    ["\\u0041", "the escape \\u"],
    ["\\k<a>", "the escape \\k"],
    ["\\A", "the escape \\A"],
    ["\\", "a backslash at the end"],
  ])("[QRY-RGX-002] has no %j", (pattern, problem) => {
    expect(problemOfPattern(pattern)).toMatch(problem);
  });

  it("[QRY-RGX-002] is recognised however long and deep an expression is", () => {
    expect(problemOfPattern("(".repeat(100_000))).toMatch("a group within 200 others");
    expect(problemOfPattern("a".repeat(1_000_000))).toBeUndefined();
  });

  it("[QRY-RGX-002] is understood by JavaScript", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."ab^$|()[]*+?{}12,.-:=!\\dwsbx4") }), (pattern) => {
        if (problemOfPattern(pattern) === undefined) expect(() => new RegExp(pattern)).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });
});
