/** What the inbox scripts send when they are given nothing: a watch list in STIX 1.1.1, of addresses reserved for examples. */

import type { XmlContent } from "../../binding/content.js";
import { xmlContent } from "../../codec/fragment.js";

const sample = `<stix:STIX_Package
    xmlns:stix="http://stix.mitre.org/stix-1"
    xmlns:stixVocabs="http://stix.mitre.org/default_vocabularies-1"
    xmlns:indicator="http://stix.mitre.org/Indicator-2"
    xmlns:cybox="http://cybox.mitre.org/cybox-2"
    xmlns:AddressObj="http://cybox.mitre.org/objects#AddressObject-2"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xmlns:example="http://example.com/"
    id="example:Package-5f1e3c0a-6a0b-4d0e-9f6e-2b8c1d7a4e90" version="1.1.1" timestamp="2014-12-19T12:00:00Z">
  <stix:STIX_Header>
    <stix:Title>Sample of content for a TAXII inbox</stix:Title>
    <stix:Package_Intent xsi:type="stixVocabs:PackageIntentVocab-1.0">Indicators - Watchlist</stix:Package_Intent>
  </stix:STIX_Header>
  <stix:Indicators>
    <stix:Indicator xsi:type="indicator:IndicatorType"
        id="example:Indicator-c2a7d9b4-03f5-4b6e-8a51-7d0e9c3f2b18" timestamp="2014-12-19T12:00:00Z">
      <indicator:Title>Addresses reserved for documentation</indicator:Title>
      <indicator:Type xsi:type="stixVocabs:IndicatorTypeVocab-1.1">IP Watchlist</indicator:Type>
      <indicator:Observable id="example:Observable-91be04d7-5c3a-4e28-b6f0-4a8d2e7c5f63">
        <cybox:Object id="example:Object-d81f6a35-2e9c-4c07-a4b3-0f5e7d1c9a26">
          <cybox:Properties xsi:type="AddressObj:AddressObjectType" category="ipv4-addr">
            <AddressObj:Address_Value condition="Equals" apply_condition="ANY"
              >192.0.2.1##comma##198.51.100.17##comma##203.0.113.254</AddressObj:Address_Value>
          </cybox:Properties>
        </cybox:Object>
      </indicator:Observable>
    </stix:Indicator>
  </stix:Indicators>
</stix:STIX_Package>
`;

/** The sample. Its binding is STIX XML 1.1.1. */
export function sampleContent(): XmlContent {
  return xmlContent(sample);
}
