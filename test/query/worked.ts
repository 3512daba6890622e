/** A record of our own, and queries about it. */

import type { Criteria, Criterion, DefaultQuery } from "../../generated/default-query/index.js";
import { capabilityModules } from "../../src/constants.js";

/** The record that the worked examples are about. */
export const record = `<stix:STIX_Package
    xmlns:stix="http://stix.mitre.org/stix-1"
    xmlns:ind="http://stix.mitre.org/Indicator-2"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xmlns:demo="urn:example:demo"
    id="ex:pkg-1" version="1.1.1" timestamp="2014-05-08T09:00:00.000001Z">
  <stix:STIX_Header>
    <stix:Title>Weekly  Digest</stix:Title>
    <stix:Description/>
  </stix:STIX_Header>
  <stix:Indicators>
    <stix:Indicator id="ex:ind-1" xsi:type="ind:IndicatorType" timestamp="2014-05-08T11:00:00+02:00">
      <ind:Title>Beacon <!-- note -->to 198.51.100.7</ind:Title>
      <ind:Confidence><demo:Value>High</demo:Value></ind:Confidence>
      <demo:Size_In_Bytes> 0010240 </demo:Size_In_Bytes>
      <demo:Address_Value>192.0.2.1##comma##192.0.2.9</demo:Address_Value>
    </stix:Indicator>
    <stix:Indicator id="ex:ind-2" timestamp="2014-05-08T09:30:00">
      <ind:Title><![CDATA[beacon & friends]]></ind:Title>
      <demo:Size_In_Bytes>n/a</demo:Size_In_Bytes>
    </stix:Indicator>
  </stix:Indicators>
</stix:STIX_Package>`;

type Module = keyof typeof capabilityModules;

/** One criterion; of `relationship`, what comes before a colon is the module, core without one. */
export function criterion(
  target: string,
  relationship: string,
  parameters: Readonly<Record<string, string>> = {},
  negate = false,
): Criterion {
  const [prefix, name] = relationship.includes(":") ? (relationship.split(":") as [Module, string]) : (["core", relationship] as const);
  return {
    negate,
    target,
    test: {
      capabilityId: capabilityModules[prefix],
      relationship: name,
      parameters: Object.entries(parameters).map(([parameter, value]) => ({ name: parameter, value })),
    },
  };
}

/** Criteria of these parts. */
export function criteria(operator: Criteria["operator"], ...parts: (Criteria | Criterion)[]): Criteria {
  return { operator, items: parts.map((part) => ("operator" in part ? { criteria: part } : { criterion: part })) };
}

/** A query of one criterion or of criteria. */
export function queryOf(part: Criteria | Criterion, vocabulary = "urn:stix.mitre.org:xml:1.1.1"): DefaultQuery {
  return { targetingExpressionId: vocabulary, criteria: "operator" in part ? part : criteria("AND", part) };
}
