/** The names of vocabularies: which targets are outside of one, and what is said about them. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import ts from "typescript";
import { describe, expect, it, test } from "vitest";
import { attributes, elements, type NameGroup, versions } from "../../generated/stix/index.js";
import { contentBindings } from "../../src/constants.js";
import { StatusError } from "../../src/message/status-error.js";
import {
  checkQuery,
  defaultQueryLimits,
  namesOfVocabulary,
  type StixVersion,
  stixNames,
  type VocabularyNames,
  vocabularyNames,
} from "../../src/query/index.js";
import { problemOfNames } from "../../src/query/vocabulary.js";
import { criterion, queryOf, record } from "./worked.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const all: readonly StixVersion[] = [...versions, "1.2.1"];

const hasName = (names: VocabularyNames, name: string): boolean =>
  name.startsWith("@") ? names.hasAttribute(name.slice(1)) : names.hasElement(name);

describe("[QRY-STX-002] names of STIX, elements and attributes, by version", () => {
  test.each<[string, StixVersion, StixVersion | undefined]>([
    ["STIX_Package", "1.0", undefined],
    ["STIX_Header", "1.0", undefined],
    ["Package_Intent", "1.0", undefined],
    ["Address_Value", "1.0", undefined],
    ["Simple_Hash_Value", "1.0", undefined],
    ["@id", "1.0", undefined],
    ["@version", "1.0", undefined],
    ["@type", "1.0", undefined],
    ["@schemaLocation", "1.0", undefined],
    ["X_Requested_For", "1.0", "1.0.1"],
    ["Protol_Addr_Size", "1.0", "1.0.1"],
    ["Related_Packages", "1.1", undefined],
    ["Short_Description", "1.1", undefined],
    ["Contributing_Sources", "1.1", undefined],
    ["Related_Exploit_Targets", "1.1", undefined],
    ["External_ID", "1.1", undefined],
    ["@is_known", "1.1", undefined],
    ["X_Forwarded_For", "1.1", undefined],
    ["Hostname_Value", "1.1", undefined],
    ["Archived_File", "1.1", undefined],
    ["Reports", "1.2", undefined],
    ["Report", "1.2", undefined],
    ["Related_Reports", "1.2", undefined],
  ])("%s is there from %s to %s", (name, first, last) => {
    const from = all.indexOf(first);
    const to = last === undefined ? all.length - 1 : all.indexOf(last);
    expect(all.filter((version) => hasName(stixNames(version), name))).toEqual(all.slice(from, to + 1));
  });

  it("are of the two kinds, and their case counts [QRY-TE-005]", () => {
    const names = stixNames("1.2");
    expect(names.hasElement("STIX_Package")).toBe(true);
    expect(names.hasAttribute("STIX_Package")).toBe(false);
    expect(names.hasElement("stix_package")).toBe(false);
    expect(names.hasElement("xmlns")).toBe(false);
    expect(names.hasAttribute("xmlns")).toBe(false);
  });

  it("[QRY-STX-001] belong to the identifiers of the vocabularies", () => {
    expect(namesOfVocabulary(contentBindings.stix10)).toBe(stixNames("1.0"));
    expect(namesOfVocabulary(contentBindings.stix12)).toBe(stixNames("1.2"));
    expect(namesOfVocabulary(contentBindings.stix121)?.hasElement("Reports")).toBe(true);
    expect(namesOfVocabulary("urn:example:other")).toBeUndefined();
  });

  const sample = (text: string): string[] => {
    const bare = text.replaceAll(/<!\[CDATA\[[\s\S]*?\]\]>|<!--[\s\S]*?-->/g, "");
    const tags = [...bare.matchAll(/<((?:\w+:)?[\w.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*\/?>/g)];
    const local = (name: string): string => name.slice(name.indexOf(":") + 1);
    return tags.flatMap(([, name = "", attributes_ = ""]) => [
      local(name),
      ...[...attributes_.matchAll(/([\w:.-]+)\s*=/g)]
        .map(([, attribute = ""]) => attribute)
        .filter((attribute) => !/^xmlns(?::|$)/.test(attribute))
        .map((attribute) => `@${local(attribute)}`),
    ]);
  };

  const folder = join(root, "samples/stix");
  test.each(readdirSync(folder))("has all that %s uses", (file) => {
    const text = readFileSync(join(folder, file), "utf8");
    const version = all.find((candidate) => text.includes(` version="${candidate}">`));
    expect(version).toBeDefined();
    const used = new Set(sample(text));
    expect(used.size).toBeGreaterThan(15);
    expect([...used].filter((name) => !hasName(stixNames(version ?? "1.2"), name))).toEqual([]);
  });

  it("has all that the worked record uses", () => {
    expect(sample(record).filter((name) => !hasName(stixNames("1.1.1"), name))).toEqual([]);
  });

  const vectors = join(root, "../shared/vectors/golden/1.1");
  test.skipIf(!existsSync(vectors))(
    `has all that golden queries about STIX ask${existsSync(vectors) ? "" : " (SKIPPED: no vectors)"}`,
    () => {
      const texts = readdirSync(vectors)
        .filter((file) => /^\d+-query-core.*\.xml$/.test(file))
        .map((file) => readFileSync(join(vectors, file), "utf8"))
        .filter((text) => text.includes(contentBindings.stix111));
      const targets = texts.flatMap((text) => [...text.matchAll(/Target>([^<]+)</g)].map(([, target = ""]) => target));
      expect(targets.length).toBeGreaterThan(5);
      expect(targets.filter((target) => problemOfNames(target, stixNames("1.1.1")) !== undefined)).toEqual([]);
    },
  );
});

describe("targets and the names of STIX 1.2", () => {
  const names = stixNames("1.2");
  test.each([
    "STIX_Package",
    "STIX_Package/@id",
    "STIX_Package/*",
    "STIX_Package/**",
    "STIX_Package/Reports/Report/Header/Title",
    "STIX_Package/Indicators/Indicator/Observable/Object/Properties/Hashes/Hash/Simple_Hash_Value",
    "*/STIX_Header/Title",
    "**/Address_Value",
    "**/@type",
    "**",
    " **/Title ",
    "**/Test_Mechanism/**/IndicatorItem",
    "**/Test_Mechanism/ioc/definition/Indicator/@operator",
    "**/Attack_Pattern/*/Anything",
    "**/Marking_Structure/Is_Proprietary/AISConsent/@consent",
    "STIX_Package/Indicators/Indicator/Test_Mechanisms/Test_Mechanism/MyRules/@myOwn",
  ])("%s is of the vocabulary [QRY-STX-004]", (target) => expect(problemOfNames(target, names)).toBeUndefined());

  test.each([
    ["**/Frobnicate_Everything", 'the vocabulary has no element "Frobnicate_Everything"'],
    ["STIX_Package/@frobnicated", 'the vocabulary has no attribute "@frobnicated"'],
    ["**/Adress_Value", 'the vocabulary has no element "Adress_Value", perhaps "Address_Value" is meant'],
    ["**/address_value", 'the vocabulary has no element "address_value", perhaps "Address_Value" is meant'],
    ["STIX_Package/@timestmp", 'the vocabulary has no attribute "@timestmp", perhaps "@timestamp" is meant'],
    ["STIX_Package/STIX_Headers/Title", 'the vocabulary has no element "STIX_Headers", perhaps "STIX_Header" is meant'],
    ["**/xyz/Test_Mechanism", 'the vocabulary has no element "xyz"'],
    ["**/IndicatorItem/Test_Mechanism", 'the vocabulary has no element "IndicatorItem"'],
    ["Indicators/Indicator", 'the first step is the root "STIX_Package", * or **, not "Indicators"'],
    ["Test_Mechanism/Anything", 'the first step is the root "STIX_Package", * or **, not "Test_Mechanism"'],
    ["@id", 'the first step is the root "STIX_Package", * or **, not "@id"'],
    ["stix_package/@id", 'the vocabulary has no element "stix_package", perhaps "STIX_Package" is meant'],
  ])("%s is not: %s [QRY-STX-003] [QRY-TE-006]", (target, message) => expect(problemOfNames(target, names)).toBe(message));

  it("what came with a later version is not of an earlier one", () => {
    expect(problemOfNames("STIX_Package/Reports", stixNames("1.1.1"))).toMatch('no element "Reports"');
    expect(problemOfNames("STIX_Package/Related_Packages", stixNames("1.0.1"))).toMatch('no element "Related_Packages"');
  });
});

describe("any path", () => {
  const listed = (groups: readonly NameGroup[], index: number): string[] =>
    groups.flatMap(([first, last, names]) => (first <= index && index <= last ? names.trim().split(/\s+/) : []));
  const suffix = fc.stringMatching(/^_x[0-9a-f]{6}$/);

  test.each(versions.map((version, index) => [version, index] as const))(
    "of names of STIX %s is taken, and none with another name",
    (version, index) => {
      const names = stixNames(version);
      const element = fc.constantFrom(...listed(elements, index));
      const attribute = fc.constantFrom(...listed(attributes, index)).map((name) => `@${name}`);
      const step = fc.oneof({ weight: 5, arbitrary: element }, { weight: 1, arbitrary: fc.constantFrom("*", "**") });
      const first = fc.constantFrom("STIX_Package", "*", "**");
      const last = fc.oneof(step, attribute);
      fc.assert(
        fc.property(first, fc.array(step, { maxLength: 4 }), last, fc.nat(), suffix, (begin, middle, end, at, more) => {
          const steps = [begin, ...middle, end];
          expect(problemOfNames(steps.join("/"), names)).toBeUndefined();
          const named = steps.map((_, place) => place).filter((place) => !["*", "**"].includes(steps[place] ?? ""));
          const place = named[at % Math.max(1, named.length)];
          const isFree = place === undefined || steps.slice(0, place).some((name) => names.isOpen(name));
          fc.pre(!isFree);
          const stranger = `${steps[place]}${more}`;
          expect(problemOfNames(steps.with(place, stranger).join("/"), names)).toContain(JSON.stringify(stranger));
        }),
        { numRuns: 100 },
      );
    },
  );
});

describe("a query with a name outside of the vocabulary", () => {
  const id = contentBindings.stix111;
  const check = (target: string, names: VocabularyNames | undefined, scopes = {}): void => {
    const support = { vocabularies: [{ id, names, ...scopes }], modules: ["core"] as const, limits: defaultQueryLimits };
    checkQuery(queryOf(criterion(target, "exists"), id), support);
  };
  const refusal = (target: string, names: VocabularyNames | undefined, scopes = {}): unknown => {
    try {
      check(target, names, scopes);
    } catch (error) {
      return error;
    }
    return undefined;
  };

  it("is refused with the scopes, preferred ones first, and the name [QRY-ERR-003] [QRY-ERR-004] [QRY-ERR-005] [QRY-STX-006]", () => {
    const scopes = { preferredScopes: ["STIX_Package/STIX_Header/**"], allowedScopes: ["STIX_Package/**"] };
    const error = refusal("STIX_Package/STIX_Header/Titel", stixNames("1.1.1"), scopes);
    expect(error).toBeInstanceOf(StatusError);
    expect(error).toMatchObject({
      code: "UNSUPPORTED_TARGETING_EXPRESSION",
      status: {
        message:
          'The target "STIX_Package/STIX_Header/Titel" is outside of the vocabulary: the vocabulary has no element "Titel", perhaps "Title" is meant.',
        statusDetail: {
          details: [
            { name: "PREFERRED_SCOPE", content: { text: "STIX_Package/STIX_Header/**" } },
            { name: "ALLOWED_SCOPE", content: { text: "STIX_Package/**" } },
          ],
        },
      },
    });
  });

  it("is taken, and matches nothing, where any name is [QRY-STX-006]", () => {
    expect(refusal("STIX_Package/STIX_Header/Titel", undefined)).toBeUndefined();
  });

  it("is found out after the form and before the scopes [QRY-ERR-009]", () => {
    const scopes = { allowedScopes: ["STIX_Package/Indicators/**"] };
    expect(refusal("//", stixNames("1.1.1"), scopes)).toMatchObject({ message: expect.stringContaining("is none") });
    expect(refusal("**/Titel", stixNames("1.1.1"), scopes)).toMatchObject({
      message: expect.stringContaining("outside of the vocabulary"),
    });
    expect(refusal("**/Title", stixNames("1.1.1"), scopes)).toMatchObject({ message: expect.stringContaining("scopes") });
  });

  it("of a million characters is answered at once", () => {
    expect(refusal(`**/${"a".repeat(1_000_000)}`, stixNames("1.2"))).toBeInstanceOf(StatusError);
  });
});

describe("[QRY-TE-009] names of your own", () => {
  const names = vocabularyNames({ root: "fleet", elements: ["fleet", "host", "extra"], attributes: ["site"], open: ["extra"] });
  it("are taken and refused like those of STIX", () => {
    expect(problemOfNames("fleet/host/@site", names)).toBeUndefined();
    expect(problemOfNames("fleet/extra/anything/@at-all", names)).toBeUndefined();
    expect(problemOfNames("host", names)).toMatch('root "fleet"');
    expect(problemOfNames("fleet/hosts", names)).toMatch('perhaps "host"');
    expect(problemOfNames("fleet/@sites", names)).toMatch('perhaps "@site"');
  });
  it("can be more than those of another vocabulary", () => {
    const wider = vocabularyNames({ base: stixNames("1.2"), elements: ["Cart"], attributes: ["wheels"], open: ["Cart"] });
    expect(problemOfNames("STIX_Package/**/Properties/Cart/Wheel", wider)).toBeUndefined();
    expect(problemOfNames("**/Title/@wheels", wider)).toBeUndefined();
    expect(problemOfNames("**/Test_Mechanism/any", wider)).toBeUndefined();
    expect(problemOfNames("Cart", wider)).toMatch('root "STIX_Package"');
    expect(problemOfNames("**/Carts", wider)).toMatch('perhaps "Cart"');
    expect(problemOfNames("**/Titel", wider)).toMatch('perhaps "Title"');
  });
  it("need no root", () => {
    const free = vocabularyNames({ elements: ["a", "b"], attributes: [] });
    expect(problemOfNames("b/a", free)).toBeUndefined();
    expect(problemOfNames("c", free)).toBe('the vocabulary has no element "c"');
  });
});

test.each(["src/index.ts", "src/client/index.ts", "src/client/node/index.ts"])("the names of STIX are not loaded by %s", (entry) => {
  const loaded = new Set<string>();
  const load = (file: string): void => {
    if (loaded.has(file)) return;
    loaded.add(file);
    const text = readFileSync(file, "utf8").replace(/^(?:import|export) type [^;]*;/gm, "");
    for (const { fileName } of ts.preProcessFile(text, true, true).importedFiles)
      if (fileName.startsWith(".")) load(join(dirname(file), fileName).replace(/\.js$/, ".ts"));
  };
  load(join(root, entry));
  expect(loaded.size).toBeGreaterThan(20);
  expect([...loaded].filter((file) => file.includes("generated/stix"))).toEqual([]);
});
